import type { Markup } from "../markup.ts";
import type { View } from "../pay/view.ts";

/** Whom customers ask, and what they quote. Without a phone or an address the shop is named. */
export function Support({ view, reference }: { view: View; reference: string | null }): Markup | null {
  const { brand, text: { support: text } } = view;
  if (brand === null) return null;
  const { phone, whatsapp, email } = brand.support;
  const query = reference === null ? "" : `?text=${encodeURIComponent(reference)}`;
  return (
    <section class="card support">
      <h2>{text.heading(brand.name)}</h2>
      {reference !== null && (
        <p>
          {text.quote}: <strong>{reference}</strong>
        </p>
      )}
      {phone === null && whatsapp === null && email === null && <p>{text.none}</p>}
      <ul>
        {phone !== null && (
          <li>
            <a href={`tel:${phone.replaceAll(" ", "")}`}>{text.call} {phone}</a>
          </li>
        )}
        {whatsapp !== null && (
          <li>
            <a href={`https://wa.me/${whatsapp.slice(1)}${query}`} rel="noreferrer">{text.whatsapp} {whatsapp}</a>
          </li>
        )}
        {email !== null && (
          <li>
            <a href={`mailto:${email}`}>{text.email} {email}</a>
          </li>
        )}
      </ul>
    </section>
  );
}
