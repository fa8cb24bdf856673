/** Last four digits of a phone, with weights: design.md section 9, and result codes of Daraja's. */
export const pushScenarios: readonly (readonly [number, string])[] = [
  [30, "5678"],
  [5, "1032"],
  [3, "1037"],
  [3, "2001"],
  [3, "0001"],
  [6, "9001"],
  [6, "9002"],
  [8, "9003"],
  [6, "9004"],
  [2, "9005"],
  [6, "9006"],
  [6, "9007"],
  [4, "9008"],
  [3, "9009"],
  [4, "9010"],
  [2, "9011"],
  [4, "9012"],
  [6, "9013"],
];

export const payoutScenarios: readonly (readonly [number, string])[] = [
  [40, "5678"],
  [10, "9014"],
  [12, "9015"],
  [10, "9016"],
  [5, "9017"],
  [4, "2040"],
  [3, "0008"],
];

/**
 * Where one callback is the only witness: the query lies that it failed (9012), or is never answered (9008). Its loss
 * could not be made good by asking, so it is never lost here; a reconciliation with pulled rows is for those.
 */
export const onlyCallbackTells = (scenario: string): boolean => scenario === "9008" || scenario === "9012";
