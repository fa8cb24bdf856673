import * as contract from "../../domain/standing-orders/contract.ts";
import type { StandingOrderView } from "../../domain/standing-orders/contract.ts";
import { listStandingOrders } from "../../domain/standing-orders/read.ts";
import { route } from "../../http/operation.ts";
import { Chip } from "../kit/chip.tsx";
import { statusFilter } from "../kit/common-filters.ts";
import { reasonText } from "../kit/failures.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { READERS } from "../kit/roles.ts";
import { Money, Phone, When } from "../kit/values.tsx";
import { bilingual } from "../text/bilingual.ts";

const words = bilingual({
  en: {
    question: "Who has agreed to pay us again and again?",
    time: "Time",
    name: "Name",
    phone: "Phone",
    amount: "Amount (KES)",
    account: "Account",
    how: "How often",
    until: "Until",
    reason: "Reason",
    empty: "A customer's standing order shows here once your shop has asked for it.",
    frequencies: {
      once: "Once",
      daily: "Daily",
      weekly: "Weekly",
      monthly: "Monthly",
      every_two_months: "Every 2 months",
      quarterly: "Quarterly",
      half_yearly: "Half-yearly",
      yearly: "Yearly",
    },
  },
  sw: {
    question: "Nani amekubali kutulipa mara kwa mara?",
    time: "Wakati",
    name: "Jina",
    phone: "Simu",
    amount: "Kiasi (KES)",
    account: "Akaunti",
    how: "Kila baada ya",
    until: "Hadi",
    reason: "Sababu",
    empty: "Malipo ya kudumu ya mteja yataonekana hapa duka lako likishayaomba.",
    frequencies: {
      once: "Mara moja",
      daily: "Kila siku",
      weekly: "Kila wiki",
      monthly: "Kila mwezi",
      every_two_months: "Miezi 2",
      quarterly: "Miezi 3",
      half_yearly: "Miezi 6",
      yearly: "Kila mwaka",
    },
  },
});

/** Standing orders: who pays again and again? */
export const standingOrderPages: readonly Page[] = [
  listPage<StandingOrderView>({
    path: "standing-orders",
    roles: READERS,
    nav: { name: "standingOrders", group: "in", icon: "repeat" },
    question: ({ language }) => words[language].question,
    route: route(contract.listStandingOrders, listStandingOrders),
    filters: [statusFilter("standing_order"), { kind: "amount" }],
    columns: [
      {
        head: ({ language }) => words[language].time,
        cell: (row, visit) => <When at={row.created_at} look={visit} />,
        card: "time",
        sorted: "descending",
      },
      { head: ({ language }) => words[language].name, cell: (row) => <span class="cut">{row.name}</span>, card: "who" },
      {
        head: ({ language }) => words[language].phone,
        cell: (row, visit) => <Phone masked={row.phone_number} look={visit} />,
      },
      {
        head: ({ language }) => words[language].amount,
        cell: (row, visit) => <Money cents={row.amount} look={visit} bare />,
        end: true,
        card: "amount",
      },
      {
        head: ({ language }) => words[language].account,
        cell: (row) => <span class="cut">{row.account_reference}</span>,
      },
      {
        head: ({ language }) => words[language].how,
        cell: (row, { language }) => words[language].frequencies[row.frequency],
        card: "reason",
      },
      { head: ({ language }) => words[language].until, cell: (row) => row.end_date },
      {
        head: ({ language }) => words[language].reason,
        cell: (row, { language }) => row.failure === null ? "" : reasonText(row.failure.code, language),
      },
      {
        head: ({ text }) => text.status,
        cell: (row, { language }) => <Chip kind="standing_order" status={row.status} language={language} />,
        card: "chip",
      },
    ],
    empty: ({ language }) => <p>{words[language].empty}</p>,
  }),
];
