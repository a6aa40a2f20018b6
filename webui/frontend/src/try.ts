// The page on which expressions and decisions are tried.
import { Trial } from "./shared/trying";

const root = document.querySelector<HTMLElement>("[data-try]");
if (root) new Trial(root);
