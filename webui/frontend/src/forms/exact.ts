// What form-js computes in binary is shown as the decimal that the server means: 0.1 + 0.2 is 0.3, not 0.30000000000000004.
const DIGITS = 15;
const NEAR = 12;
const LONG = /^-?\d+\.\d+(?:e[+-]?\d+)?$/;

const digitsOf = (text: string): number => text.replace(/e.*$/, "").replace(/[-.]/g, "").replace(/^0+|0+$/g, "").length;

/** Return a computed number without the dust of binary fractions; a number with as many digits of its own stays. */
export function decimal(value: number): number {
  if (!Number.isFinite(value) || digitsOf(String(value)) <= DIGITS) return value;
  const rounded = Number(value.toPrecision(DIGITS));
  return digitsOf(String(rounded)) <= NEAR ? rounded : value;
}

function inText(value: unknown): unknown {
  if (typeof value !== "string" || !LONG.test(value) || digitsOf(value) <= DIGITS) return value;
  const number = Number(value);
  return String(number) === value ? String(decimal(number)) : value;
}

/** Let the form's texts, bounds and choices see decimals. Conditions stay as they are: the gate refuses those that would differ. */
export function seeDecimals(form: any): void {
  const language = form.get("expressionLanguage");
  const evaluate = language.evaluate.bind(language);
  language.evaluate = (...given: unknown[]) => {
    const value = evaluate(...given);
    return typeof value === "number" ? decimal(value) : value;
  };
  const templating = form.get("templating");
  const fill = templating.evaluate.bind(templating);
  templating.evaluate = (template: string, context: object, options: { sanitizer?: (value: unknown) => unknown } = {}) => {
    const sanitize = options.sanitizer ?? ((value: unknown) => value);
    return fill(template, context, { ...options, sanitizer: (value: unknown) => sanitize(inText(value)) });
  };
}
