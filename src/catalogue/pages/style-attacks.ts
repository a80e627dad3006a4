/** What the pages about attacks have, and the report. */
export const ATTACK_STYLE = `.stop{display:inline-flex;align-items:center;gap:.45em;color:var(--own);font-size:.93rem;white-space:nowrap}
.stop svg{width:.85em;height:.85em;fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round;flex:none}
.stop.gate{--own:var(--read)}
.stop.policy{--own:var(--write)}
.stop.setting{--own:var(--execute)}
.stop.nothing{--own:var(--destructive);font-weight:600}
.attacks{margin:.8rem 0 1rem}
.attacks>li{display:grid;grid-template-columns:minmax(0,1fr) 13rem;gap:.1rem 2rem;align-items:baseline;padding:.65rem 0;border-top:1px solid var(--line)}
.attacks h3{margin:0}
.attacks p{margin:.1rem 0 0;font-size:.95rem;color:var(--quiet)}
.enabling{margin:.4rem 0 1rem}
.enabling li{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr) 5.5rem;gap:0 1.25rem;align-items:baseline;padding:.3rem 0}
.enabling .of,.enabling .risk{font-size:.9rem}
.command{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1rem;padding:.55rem .6rem .55rem 1.1rem}
.command pre{order:-1;flex:1 1 14rem}
.command .copy{position:static;margin:0}
.out::after{content:" \\2197";font-size:.85em}

.flow{--lanes:100%;margin:1rem 0;max-width:44rem}
.flow svg{overflow:visible}
.heads{width:var(--lanes);height:2.75rem}
.heads text{font-size:.82rem;font-weight:600;fill:var(--text)}
.heads path{stroke:var(--edge);stroke-width:2}
.heads .gate text{fill:var(--link)}
.heads .gate path{stroke:var(--link);stroke-width:3}
.flow li{position:relative;padding:2.35rem 0 .55rem}
.flow li>svg{position:absolute;left:0;top:0;width:var(--lanes);height:100%}
.life{stroke:var(--line);stroke-width:1.5}
.life.gate{stroke:var(--link);stroke-width:3}
.arrow,.loop{stroke:var(--text);stroke-width:1.5;fill:none}
.flow .head{fill:var(--text)}
.number circle{fill:var(--text)}
.number text{fill:var(--ground);font-size:.72rem;font-weight:650}
.flow p{position:relative;margin:0;font-size:.95rem;line-height:1.45;text-align:center;max-width:none}
.flow p b,.flow p>span{background:var(--ground);box-decoration-break:clone;-webkit-box-decoration-break:clone}
.flow p b{font-size:.82rem;font-weight:600;color:var(--quiet);background:none}
.flow p b{position:absolute;clip-path:inset(50%)}
@media (min-width:40.01rem){
.flow.of-1,.flow.of-2{--lanes:13rem}.flow.of-3{--lanes:17rem}.flow.of-4{--lanes:21rem}
.flow.of-5,.flow.of-6,.flow.of-7{--lanes:26rem}
.flow li{padding:.55rem 0 .9rem;min-height:3.4rem}
.flow p{margin-left:calc(var(--lanes) + 1.2rem);text-align:left}
.flow p b{position:static;clip-path:none;display:block}
}
.through{--own:var(--destructive)}.failed{--own:var(--execute)}.unclear{--own:var(--write)}.not_stopped{--own:var(--financial)}.held{--own:var(--read)}.not_applicable{--own:var(--edge)}
.dot{display:inline-block;width:.85em;height:.85em;margin-right:.45em;vertical-align:-.04em;fill:none;stroke:var(--own);stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}
.report{padding-top:2rem!important}
.report section>.names{margin:0 0 1.2rem}
.report .lead code{font-size:.95em}
.warning{border-left:3px solid var(--financial);padding-left:1rem}
.proven{border:1px solid var(--line);border-left:4px solid var(--own);border-radius:6px;padding:1.1rem 1.4rem .6rem;margin:1.2rem 0}
.proven h3{margin:0 0 .3rem;font-size:1.15rem}
.proven h4{margin:1.3rem 0 .3rem;font-size:.95rem;font-weight:600}
.proven .of{font-size:.88rem;margin-left:.5em}
.proven .snippet{margin-bottom:1rem}
.message{border-left:3px solid var(--own)}
.copied code{user-select:all;-webkit-user-select:all}
.report .copied{max-height:none}
.refusals{font-size:.95rem;color:var(--quiet);margin-top:.1rem}
.refusals code{background:var(--raised);border-radius:3px;padding:.08em .3em;color:var(--text)}
.refusals li{padding:.12rem 0}
.refusals q{quotes:none;font-style:italic}
.report .attacks li .means{font-size:.88rem}
@media (max-width:40rem){
.proven{padding:.9rem .9rem .4rem}
.attacks>li{grid-template-columns:minmax(0,1fr)}
.enabling li{grid-template-columns:minmax(0,1fr) 5.5rem}
.enabling .of{grid-row:2;padding-left:1.15em}
.heads text{font-size:.75rem}
}
@media (max-width:25rem){.top .brand b{position:absolute;clip-path:inset(50%)}.top nav{gap:.8rem}}
`;
