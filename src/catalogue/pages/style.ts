import { COLOUR_STYLE } from "./style-colours.ts";
import { ATTACK_STYLE } from "./style-attacks.ts";
import { PART_STYLE } from "./style-parts.ts";

const BASE_STYLE = `*,*::before,*::after{box-sizing:border-box}
html{font-size:100%;-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif;overflow-wrap:break-word;text-rendering:optimizeLegibility}
code,pre,kbd,.name{font-family:ui-monospace,"SF Mono",SFMono-Regular,Menlo,"Cascadia Mono",Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:.9em;font-variant-ligatures:none}
h1,h2{font-weight:650;line-height:1.2;letter-spacing:-.015em;text-wrap:balance}
h1{font-size:clamp(1.6rem,1.15rem + 2vw,2.25rem);letter-spacing:-.025em;margin:.25rem 0 .6rem}
h2{font-size:1.3rem;margin:2.75rem 0 .6rem}
h3{font-size:1rem;font-weight:600;line-height:1.35;margin:1.4rem 0 .4rem}
h1.name{font-size:clamp(1.35rem,1rem + 1.8vw,2.1rem);font-weight:600;letter-spacing:-.02em;overflow-wrap:anywhere}
p{margin:0 0 .8rem;max-width:44rem;text-wrap:pretty}
a{color:var(--link);text-decoration:underline;text-decoration-thickness:1px;text-underline-offset:.18em;text-decoration-color:color-mix(in srgb,currentColor 40%,transparent)}
a:hover{text-decoration-color:currentColor;text-decoration-thickness:2px}
a.name{overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
main:focus{outline:none}
code{overflow-wrap:anywhere}
p code,li code,td code,summary code,dd code{background:var(--raised);border-radius:3px;padding:.08em .3em}
ul,ol{padding:0;margin:0;list-style:none}
svg{display:block}
.wrap{width:100%;max-width:70rem;margin:0 auto;padding:0 1.25rem}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999rem;top:0;background:var(--ground);padding:.6rem 1rem;z-index:2}
.skip:focus{left:0}
[hidden]{display:none!important}

.top{border-bottom:1px solid var(--line)}
.top .wrap{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1.5rem;padding-top:.8rem;padding-bottom:.8rem}
.brand{display:flex;align-items:center;gap:.5rem;color:var(--text);text-decoration:none;margin-right:auto}
.brand b{font-weight:650}
.mark{width:1.25rem;height:1.25rem;fill:none;stroke:var(--link);stroke-width:1.8;stroke-linecap:round}
.top nav{display:flex;align-items:center;gap:1.25rem;font-size:.93rem}
.top nav a{color:var(--quiet);text-decoration:none;padding:.25rem 0}
.top nav a:hover,.top nav a[aria-current]{color:var(--text);text-decoration:underline;text-decoration-color:var(--link);text-decoration-thickness:2px;text-underline-offset:.4em}
main{padding-top:2.25rem!important;padding-bottom:4rem!important;min-height:70vh}
footer{border-top:1px solid var(--line);padding-top:1.25rem!important;padding-bottom:2.5rem!important;color:var(--quiet);font-size:.875rem}
.crumbs{font-size:.9rem;color:var(--quiet);margin-bottom:.5rem}
.lead{font-size:1.1rem;line-height:1.5;color:var(--text);max-width:46rem}
.lead p{max-width:46rem}
.count,.of,.means,.aside{color:var(--quiet);font-weight:400}
.count{font-size:.9em;font-variant-numeric:tabular-nums}
.means{font-size:.93rem}

.split{display:grid;grid-template-columns:minmax(0,1fr);column-gap:3.5rem}
.split aside h2{font-size:1rem;letter-spacing:0;margin:2.2rem 0 .2rem}
@media (min-width:60rem){.split{grid-template-columns:minmax(0,1fr) 17.5rem}.split>.whole{grid-area:2/1/3/-1}.split>aside{grid-area:1/2;border-left:1px solid var(--line);padding-left:1.75rem;margin-top:2.75rem;align-self:start}.split aside h2{margin-top:0}}
@media print{.top,.copy,.theme,.search{display:none!important}details>*{display:block}}
`;

export const STYLE = COLOUR_STYLE + BASE_STYLE + PART_STYLE + ATTACK_STYLE;
