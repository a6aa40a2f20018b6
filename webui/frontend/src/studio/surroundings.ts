// What the server knows and the editor offers to choose from.
import { embedded } from "../shared/requests";

interface Surroundings {
  roles: { value: string; label: string }[];
  path: string;
  saveUrl: string;
  checkUrl: string;
  templatesUrl: string;
  version: number;
}

let known: Surroundings | undefined;

export function surroundings(): Surroundings {
  known ??= embedded<Surroundings>(document, "studio");
  if (!known) throw new Error("The page holds no studio data block.");
  return known;
}
