import { type Route, route } from "../../http/operation.ts";
import { noteAttention, sleepAttention, takeAttention } from "./act.ts";
import * as contract from "./contract.ts";
import { listAttention } from "./list-attention.ts";

export const attentionRoutes: readonly Route[] = [
  route(contract.listAttention, listAttention),
  route(contract.noteAttention, noteAttention),
  route(contract.takeAttention, takeAttention),
  route(contract.sleepAttention, sleepAttention),
];
