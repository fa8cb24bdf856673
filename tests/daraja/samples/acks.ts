/** The expected outcome of each sample. Immediate answers that accept. */
export const ACKS: Readonly<Record<string, unknown>> = {
  "oauth-ok-expires-string.json": "accepted",
  "oauth-ok-docs-number.json": "accepted",
  "stk-ack-2024.json": {
    checkoutRequestId: "ws_CO_1007202409152617172396192",
    merchantRequestId: "2654-4b64-97ff-b827b542881d3130",
  },
  "stk-ack-2018-dmz.json": {
    checkoutRequestId: "ws_CO_DMZ_157917982_20112018173133556",
    merchantRequestId: "2134-9231241-1",
  },
  "stk-ack-2022.json": {
    checkoutRequestId: "ws_CO_16122022001707470708374149",
    merchantRequestId: "6093-85819535-1",
  },
  "stk-ack-2026.json": {
    checkoutRequestId: "ws_CO_170820261404032708374149",
    merchantRequestId: "234f-43a9-ae11-d0b0c2dbe930108127",
  },
  "c2b-register-ack.json": { description: "Success" },
  "c2b-simulate-ack.json": { description: "Accept the service request successfully." },
  "c2b-register-already.json": null,
  "b2c-ack.json": {
    conversationId: "AG_20240706_20106e9209f64bebd05b",
    originatorConversationId: "600997_Test_32et3241ed8yu",
  },
  "b2c-ack-v1-2019.json": {
    conversationId: "AG_20190117_00004636fb3ac56655df",
    originatorConversationId: "17503-13504109-1",
  },
  "balance-ack.json": {
    conversationId: "AG_20200123_0000417fed8ed666e976",
    originatorConversationId: "515-5258779-3",
  },
  "status-ack.json": {
    conversationId: "AG_20210709_1234409f86436c583e3f",
    originatorConversationId: "1236-7134259-1",
  },
  "reversal-ack.json": {
    conversationId: "AG_20210706_20106e9209f64bebd05b",
    originatorConversationId: "f1e2-4b95-a71d-b30d3cdbb7a7735297",
  },
  "b2b-ack.json": {
    conversationId: "AG_20230420_2010759fd5662ef6d054",
    originatorConversationId: "5118-111210482-1",
  },
  "qr-ok-docs.json": { png: "iVBORw0KGgoAAAANSUhEUgAAASwAAAEsCAIAAAD2HxkiAAAHtEl..." },
  "qr-ok-observed-00.json": {
    png: "iVBORw0KGgoAAAANSUhEUgAAASwAAAEsCAYAAAB5fY51AAAJXElEQVR42u3dyZLbMAwFwPn/n55cU1ns...",
  },
  "ratiba-ack.json": { responseRefId: "4dd9b5d9-d738-42ba-9326-2cc99e966000" },
  "pull-register-ok-docs.json": { alreadyRegistered: false },
  "pull-register-already-spaced-keys.json": { alreadyRegistered: true },
};
