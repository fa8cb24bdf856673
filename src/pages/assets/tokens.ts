/** The colours of every page, as custom properties. */
export const lightTokens = `
--paper:#f3f6f3;--card:#fff;--ink:#14201a;--soft:#52605a;--line:#dbe3dd;
--green:#0b7a3b;--on-green:#fff;--tint:#e6f4ec;--deep:#075c2c;
--amber:#7a4d00;--amber-tint:#fdf3df;--red:#a3201a;--red-tint:#fdecea;
--shadow:0 1px 2px #10201814,0 12px 32px #1020180f`;

/** The same in the dark. */
export const darkTokens = `
--paper:#0d1310;--card:#161e1a;--ink:#e8efea;--soft:#a3b1a9;--line:#2b3731;
--green:#3ecf7f;--on-green:#04210f;--tint:#12301f;--deep:#7fe3ab;
--amber:#f3c566;--amber-tint:#2f2611;--red:#ff9c93;--red-tint:#371a18;
--shadow:0 0 0 1px #ffffff0a`;
