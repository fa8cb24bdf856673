import type { Markup } from "../markup.ts";
import type { SampleRequest } from "./request.ts";

/** The client with which pages of a service in development run calls. */
export interface TryOut {
  readonly id: string;
  readonly secret: string;
}

/** A form that makes the call, in development only. The script shows it; path and body can be changed. */
export function TryOutForm({ request, tryOut }: { request: SampleRequest; tryOut: TryOut }): Markup {
  const asked = new URLSearchParams(request.query).toString();
  return (
    <form
      id="run"
      class="run panel"
      data-method={request.method}
      data-id={tryOut.id}
      data-secret={tryOut.secret}
      hidden
    >
      <div class="title">
        <b>Run</b> here, as {tryOut.id}
      </div>
      <label>
        Path
        <input name="path" value={asked === "" ? request.path : `${request.path}?${asked}`} />
      </label>
      {request.body?.type === "application/json" && (
        <label>
          Body
          <textarea name="body" rows={8} spellcheck={false}>{JSON.stringify(request.body.value, null, 2)}</textarea>
        </label>
      )}
      <button type="submit">Run</button>
      <output></output>
    </form>
  );
}
