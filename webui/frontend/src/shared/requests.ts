// Requests of the page to its own server: JSON both ways, with the session's CSRF token.
export interface Answer<T> {
  ok: boolean;
  status: number;
  body: T;
}

export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
}

/** Send a JSON body and return the decoded answer; status 0 means that the server could not be reached. */
export async function send<T>(url: string, body: unknown, method = "POST"): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: "application/json", "X-CSRF-Token": csrfToken() };
  const form = body instanceof FormData;
  if (!form) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(url, { method, headers, body: form ? body : JSON.stringify(body), credentials: "same-origin" });
    const text = await response.text();
    return { ok: response.ok, status: response.status, body: (text ? JSON.parse(text) : {}) as T };
  } catch {
    return { ok: false, status: 0, body: {} as T };
  }
}

/** Read JSON that the server wrote into the page as a data block. */
export function embedded<T>(root: ParentNode, name: string): T | undefined {
  const block = root.querySelector<HTMLScriptElement>(`script[type="application/json"][data-name="${name}"]`);
  return block?.textContent ? (JSON.parse(block.textContent) as T) : undefined;
}
