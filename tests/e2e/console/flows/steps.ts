import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Locator, Page } from "playwright-core";

/** A person's way through pages, counted: a press, a key, a typed value, a file, a passkey is one step. */
export class Steps {
  count = 0;
  constructor(readonly page: Page, readonly isScripted: boolean) {}

  /** What is seen of it. */
  find(selector: string): Locator {
    return this.page.locator(selector).locator("visible=true").first();
  }

  /** Presses, and waits for the page that it leads to. */
  async press(selector: string): Promise<void> {
    this.count++;
    await this.find(selector).click();
  }

  async type(selector: string, text: string): Promise<void> {
    this.count++;
    await this.find(selector).fill(text);
  }

  async key(key: string): Promise<void> {
    this.count++;
    await this.page.keyboard.press(key);
  }

  async file(selector: string, name: string, text: string): Promise<void> {
    this.count++;
    await this.page.locator(selector).setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  }

  /** Chooses a filter. The script sends the form; without it the person presses its button. */
  async filter(name: string, value: string): Promise<void> {
    this.count++;
    await this.find(`form.filters [name=${name}]`).selectOption(value);
    if (!this.isScripted) await this.press("form.filters button[type=submit]");
    await this.page.waitForURL(new RegExp(`[?&]${name}=${value}`));
  }

  /** Opens a page by the menu: on a phone it may be behind More. */
  async menu(name: string): Promise<void> {
    const direct = this.page.locator(`[data-nav=${name}]`).locator("visible=true");
    if (await direct.count() === 0) await this.press("nav.bottom summary");
    await this.press(`[data-nav=${name}]`);
    await this.page.waitForURL(new RegExp(`/${name === "standingOrders" ? "standing-orders" : name}(\\?|$)`));
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.locator("body").getByText(text).locator("visible=true").first().waitFor();
  }

  atMost(steps: number, what: string): void {
    assert.ok(this.count <= steps, `${what}: ${this.count} steps, at most ${steps}`);
  }
}
