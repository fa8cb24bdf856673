/** Paper: black on white, without menus and forms; the filter stands as the caption. */
export const printCss = `
@media print{
:root,:root[data-theme]{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#999;--edge:#666;--shadow:none;
--green:#000;--deep:#000;--tint:#fff;--amber:#000;--red:#000;--blue:#000;--violet:#000;--amber-tint:#fff;--red-tint:#fff;
--blue-tint:#fff;--violet-tint:#fff;--grey-tint:#fff}
.rail,.bottom,.search,.filters,.pager,.test,.skip,form,button,.button,.act,a.quiet{display:none!important}
.shell{display:block}.page{padding:0}.printed{display:block;margin-top:16px;font-size:.8125rem}
.rows caption{position:static;width:auto;height:auto;clip-path:none;text-align:left;padding:8px 0;white-space:normal}
.rows thead{display:table-header-group;position:static}.rows tr{break-inside:avoid}
.rows th{position:static}
details>*{display:block}details::details-content{content-visibility:visible;display:block}
}
`;
