import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type {
  EndSessions,
  InvitedPerson,
  InvitePerson,
  ListPeople,
  Person,
  RemovedPerson,
  Session,
  UpdatePerson,
} from "../types.ts";

/** Who may sign in to the console. Needs `operator`. */
export class People extends Resource {
  /** The answer has the link with which the person signs in. Errors: `email_taken`, `scope_not_held`. */
  invite(body: InvitePerson, options?: ChangeOptions): Promise<InvitedPerson> {
    return this.transport.post(this.path, body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<Person> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListPeople = {}, options?: CallOptions): List<Person> {
    return this.listPages(query, options);
  }

  /** Changes the name or the roles. Errors: `not_found`, `wrong_state`, `last_admin`. */
  update(id: string, body: UpdatePerson, options?: CallOptions): Promise<Person> {
    return this.transport.patch(this.at(id), body, options);
  }

  /** The person can't sign in any more. Errors: `not_found`, `wrong_state`, `last_admin`. */
  remove(id: string, options?: ChangeOptions): Promise<RemovedPerson> {
    return this.act(id, "remove", undefined, options);
  }

  /** A new link for somebody who was invited and has not signed in. Errors: `not_found`, `wrong_state`. */
  link(id: string, options?: ChangeOptions): Promise<InvitedPerson> {
    return this.act(id, "link", undefined, options);
  }

  /** The sessions that have not ended. Errors: `not_found`. */
  sessions(id: string, options?: CallOptions): Promise<{ readonly data: readonly Session[] }> {
    return this.transport.get(this.at(id, "sessions"), {}, options);
  }

  /** Ends one session, or all. Errors: `not_found`. */
  endSessions(id: string, body: EndSessions = {}, options?: ChangeOptions): Promise<{ readonly ended: number }> {
    return this.act(id, "end-sessions", body, options);
  }
}
