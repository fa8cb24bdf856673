import type { Child } from "hono/jsx";
import type { MerchantView } from "../../domain/merchants/settings-contract.ts";
import type { Markup } from "../../pages/markup.ts";
import type { FieldError } from "../../problems/problem.ts";
import { Field, Guard, inputProps } from "../kit/form.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { fieldsOf } from "./read-form.ts";
import { settingsText } from "./text.ts";

/** What the form of the settings shows. */
export interface SettingsFormProps {
  readonly visit: Visit;
  readonly now: MerchantView;
  /** What was typed before; empty at first. */
  readonly form: FormData;
  readonly errors: readonly FieldError[];
  readonly formKey: string;
}

/** The form of a merchant's brand and rules, filled in with what was typed, or else with what is stored. */
export function SettingsForm(props: SettingsFormProps): Markup {
  const { visit, now, formKey } = props;
  const text = settingsText[visit.language];
  return (
    <form method="post" class="stack" action={visit.url.pathname} enctype="multipart/form-data">
      <Guard visit={visit} back={hrefOf(visit, "settings")} version={now.version} formKey={formKey} />
      <section class="card narrow stack">
        <h2>{text.brand}</h2>
        <Brand {...props} />
      </section>
      <section class="card narrow stack">
        <h2>{text.rules}</h2>
        <p class="soft">{text.appliesTo}</p>
        <Rules {...props} />
      </section>
      <p class="consequence">{text.consequence}</p>
      <div class="buttons">
        <button type="submit" data-busy={visit.text.working}>{visit.text.save}</button>
      </div>
    </form>
  );
}

/** A field with one line of text. */
function Line(
  { name, label, hint, now, form, errors, ...input }: SettingsFormProps & {
    readonly name: string;
    readonly label: string;
    readonly hint?: string;
    readonly maxlength: number;
    readonly required?: boolean;
  },
): Markup {
  return (
    <Field name={name} label={label} errors={errors} {...hint === undefined ? {} : { hint }}>
      <input
        {...inputProps(name, errors)}
        value={valueOf(name, form, now)}
        maxlength={input.maxlength}
        required={input.required ?? false}
        autocomplete="off"
      />
    </Field>
  );
}

/** A field with some choices. */
function Choice(
  { name, label, options, now, form, errors }: SettingsFormProps & {
    readonly name: string;
    readonly label: string;
    readonly options: Readonly<Record<string, string>>;
  },
): Markup {
  const value = valueOf(name, form, now);
  return (
    <Field name={name} label={label} errors={errors}>
      <select {...inputProps(name, errors)}>
        {Object.entries(options).map(([option, word]) => (
          <option value={option} selected={option === value}>{word}</option>
        ))}
      </select>
    </Field>
  );
}

const valueOf = (name: string, form: FormData, now: MerchantView): string => {
  const typed = form.get(name);
  return typeof typed === "string" ? typed : fieldsOf(now)[name] ?? "";
};

function Brand(props: SettingsFormProps): Child {
  const text = settingsText[props.visit.language];
  return (
    <>
      <Line {...props} name="display_name" label={text.displayName} maxlength={60} required />
      <Logo {...props} />
      <Line {...props} name="colour" label={text.colour} hint={text.colourHint} maxlength={7} />
      <Line {...props} name="support_phone" label={text.phone} hint={text.phoneHint} maxlength={20} />
      <Line {...props} name="support_whatsapp" label={text.whatsapp} maxlength={20} />
      <Line {...props} name="support_email" label={text.email} maxlength={254} />
      <Choice {...props} name="language" label={text.language} options={{ "": text.noLanguage, ...text.languages }} />
      <Line {...props} name="kra_pin" label={text.kraPin} hint={text.kraPinHint} maxlength={11} />
    </>
  );
}

function Logo({ visit, now, form, errors }: SettingsFormProps): Markup {
  const text = settingsText[visit.language];
  return (
    <>
      <Field name="logo" label={text.logo} hint={text.logoHint} errors={errors}>
        <input {...inputProps("logo", errors)} type="file" accept=".svg,.png,image/svg+xml,image/png" />
      </Field>
      {now.logo !== null && (
        <>
          <p>
            <img src={new URL(now.logo).pathname} alt={text.logoNow} height="48" />
          </p>
          <label class="check">
            <input type="checkbox" name="remove_logo" value="yes" checked={form.get("remove_logo") === "yes"} />
            {text.removeLogo}
          </label>
        </>
      )}
    </>
  );
}

function Rules(props: SettingsFormProps): Child {
  const text = settingsText[props.visit.language];
  return (
    <>
      <Choice {...props} name="duplicates_payouts" label={text.payouts} options={text.duplicates} />
      <Choice {...props} name="duplicates_checkouts" label={text.checkouts} options={text.duplicates} />
      <Choice {...props} name="partial" label={text.partial} options={text.partials} />
      <Choice {...props} name="overpayment" label={text.overpayment} options={text.overpayments} />
      <Line {...props} name="overpayment_within" label={text.within} maxlength={9} required />
    </>
  );
}
