import { isRole, type Role, ROLES } from "../auth/roles.ts";
import { first, rows } from "../db/query.ts";
import { selectMerchant } from "../domain/merchants/merchant-rows.ts";
import { email as emailField, personName } from "../domain/people/contract.ts";
import { invitation, refuseTaken } from "../domain/people/invite-person.ts";
import { freshLink } from "../domain/people/link-person.ts";
import { RECOVERY_MS } from "../domain/people/links.ts";
import { removal } from "../domain/people/remove-person.ts";
import { allPeople, type PersonRow, selectByEmailAnywhere, selectPerson } from "../domain/people/store.ts";
import { changedPerson } from "../domain/people/update-person.ts";
import { personView, personViews } from "../domain/people/view.ts";
import { command, type Group, UsageError } from "./frame/command.ts";
import { atDesk, type Desk } from "./frame/desk.ts";

async function merchantIn({ db }: Desk, id = ""): Promise<string> {
  if (await first(db, selectMerchant(id)) !== null) return id;
  throw new UsageError(`There is no merchant ${id}; \`merchants list\` shows them.`);
}

/** A person who was not removed, by their id, or by an e-mail address that only one person has. */
async function personIn({ db, vault }: Desk, word = ""): Promise<PersonRow> {
  const [found] = await rows(db, word.includes("@") ? selectByEmailAnywhere(vault, word) : selectPerson(word));
  const [row] = found;
  if (found.length > 1) throw new UsageError(`${found.length} people have this address; give an id: \`people list\`.`);
  if (row !== undefined && row.status !== "removed") return row;
  throw new UsageError(`There is no person ${word}; \`people list MERCHANT\` shows them.`);
}

function rolesIn(words: readonly string[]): readonly Role[] {
  const wrong = words.filter((word) => !isRole(word));
  if (wrong.length > 0) throw new UsageError(`There is no role ${wrong.join(" ")}. Roles: ${ROLES.join(" ")}.`);
  return [...new Set(words.filter(isRole))];
}

function checked(word: string | undefined, field: typeof emailField | typeof personName): string {
  const read = field.safeParse(word);
  if (read.success) return read.data;
  throw new UsageError(`${word}: ${read.error.issues[0]?.message ?? "is not valid"}.`);
}

const invite = command({
  summary: "invites a person, and prints the link that signs them in, only now",
  details: `Roles: ${ROLES.join(" ")}. The link works once, for two days.`,
  words: ["MERCHANT", "EMAIL", "NAME", "ROLE..."],
  examples: ['mer_01kamcvd000000000000000001 amina@shop.example "Amina Otieno" admin'],
  async run({ words: [merchant, email, name, ...roles], out }) {
    const identity = { email: checked(email, emailField), name: checked(name, personName) };
    const given = rolesIn(roles);
    const made = await atDesk(async (desk) => {
      const author = { ...desk, merchantId: await merchantIn(desk, merchant) };
      const { row, path, statements } = await invitation(author, identity, given);
      await desk.db.write(statements).catch(refuseTaken);
      return { id: row.id, email: identity.email, roles: row.roles, link: desk.config.server.publicUrl + path };
    });
    out.table([made]);
  },
});

const list = command({
  summary: "lists the people of a merchant",
  words: ["MERCHANT"],
  async run({ words: [merchant], out }) {
    const views = await atDesk(async (desk) => {
      const [found] = await rows(desk.db, allPeople(await merchantIn(desk, merchant)));
      return await personViews(desk, found);
    });
    out.table(
      views.map(({ id, email, name, roles, status, passkeys, last_seen_at }) => ({
        id,
        email,
        name,
        roles,
        status,
        passkeys,
        last_seen_at,
      })),
      "It has no people yet; `people invite` invites the first one.",
    );
  },
});

const role = command({
  summary: "gives a person other roles",
  details: `Roles: ${ROLES.join(" ")}. They count from the next page that the person opens.`,
  words: ["PERSON", "ROLE..."],
  examples: ["amina@shop.example finance approver"],
  async run({ words: [word, ...words], out }) {
    const roles = rolesIn(words);
    const view = await atDesk(async (desk) => {
      const { after, statements } = await changedPerson(desk, await personIn(desk, word), { roles });
      await desk.db.write(statements);
      return await personView(desk, after);
    });
    out.table([{ id: view.id, email: view.email, roles: view.roles }]);
  },
});

const link = command({
  summary: "prints a new link that signs a person in, for whoever lost their passkey",
  details:
    "It works once, for 30 minutes, and ends the links made before. Whoever has it acts as that person: make sure who asks.",
  words: ["PERSON"],
  examples: ["amina@shop.example"],
  async run({ words: [word], out }) {
    const made = await atDesk(async (desk) => {
      const row = await personIn(desk, word);
      const { path, statements } = freshLink(desk, row, RECOVERY_MS);
      await desk.db.write(statements);
      return { id: row.id, link: desk.config.server.publicUrl + path };
    });
    out.table([made]);
  },
});

const remove = command({
  summary: "removes a person: their sessions, links and passkeys end at once",
  words: ["PERSON"],
  async run({ words: [word], out }) {
    const removed = await atDesk(async (desk) => {
      const { after, statements } = await removal(desk, await personIn(desk, word));
      await desk.db.write(statements);
      return { id: after.id, status: after.status };
    });
    out.table([removed]);
  },
});

/** `people`: who uses the console. The only way to the role platform, and to the first person of a merchant. */
export const people: Group = {
  summary: "the people who use the console",
  details:
    `PERSON is an id, or an e-mail address that only one person has. The role platform reaches every merchant: give it
to the people who run this service, and to nobody else.`,
  commands: { invite, list, role, link, remove },
  examples: [
    'invite mer_01kamcvd000000000000000001 amina@shop.example "Amina Otieno" admin',
    "link amina@shop.example",
  ],
};
