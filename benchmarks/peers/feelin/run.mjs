// The same expressions by feelin: reads the work from standard input, writes what it did to standard output.
import { readFileSync } from "node:fs";
import { evaluate } from "feelin";

const { speed, exactness, rounds, seconds } = JSON.parse(readFileSync(0, "utf8"));

function value(text, variables = {}) {
  try {
    return evaluate(text, variables).value;
  } catch {
    return "it cannot be read";
  }
}

function rate(text, variables) {
  let done = 0;
  const begin = process.hrtime.bigint();
  const end = begin + BigInt(Math.round(seconds * 1e9));
  let now = begin;
  while (now < end) {
    for (let i = 0; i < 50; i++) evaluate(text, variables);
    done += 50;
    now = process.hrtime.bigint();
  }
  return (done * 1e9) / Number(now - begin);
}

const answer = { rates: [], values: speed.map((each) => value(each.text, each.variables)) };
for (let round = 0; round <= rounds; round++) {
  const rates = speed.map((each) => rate(each.text, each.variables));
  if (round) answer.rates.push(rates); // the first round warms up
}
answer.exact = exactness.map((text) => value(text) === true);
process.stdout.write(JSON.stringify(answer));
