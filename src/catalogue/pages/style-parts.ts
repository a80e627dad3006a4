export const PART_STYLE = `.shape{width:.7em;height:.7em;flex:none;fill:var(--own);stroke:var(--own);stroke-width:0;display:inline-block;margin-right:.42em;vertical-align:-.01em}
.shape.read{fill:none;stroke-width:2}
.shape.destructive{stroke-width:2.6;stroke-linecap:round}
.class{color:var(--own);font-weight:600;white-space:nowrap}
.risk{display:inline-flex;align-items:center;gap:.45em;color:var(--own);white-space:nowrap}
.risk svg{width:15px;height:10px;fill:currentColor}
.risk .off{opacity:.28}
.unsure,.meta{font-size:.8rem;line-height:1;white-space:nowrap;border:1px solid var(--edge);border-radius:999px;padding:.16rem .5rem .2rem;color:var(--quiet);font-family:inherit;font-weight:400;vertical-align:.08em;text-decoration:none}
.unsure{border-style:dashed}
.meta{color:var(--execute);border-color:var(--execute)}
.verdict{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem 1.25rem;font-size:1.05rem;margin-bottom:1rem}

.bar{width:100%;height:.4rem;border-radius:2px;overflow:hidden;background:var(--line)}
.bar rect{fill:var(--own);stroke:var(--ground);stroke-width:2;vector-effect:non-scaling-stroke}
.numbers{display:flex;flex-wrap:wrap;gap:.1rem .95rem;font-size:.86rem;color:var(--quiet);font-variant-numeric:tabular-nums}
.numbers span{white-space:nowrap}
.spread{margin:1.6rem 0 0}
.spread .bar{height:.9rem}
.legend{display:flex;flex-wrap:wrap;gap:.35rem 1.6rem;margin-top:.75rem}
.legend a{color:var(--text);text-decoration:none}
.legend a:hover{text-decoration:underline}
.legend b{font-variant-numeric:tabular-nums}
.legend .none{color:var(--quiet)}

.facts{margin:0}
.facts>div{padding:.6rem 0;border-top:1px solid var(--line)}
.facts>div:first-child{border-top:0}
.facts dt{font-size:.82rem;color:var(--quiet)}
.facts dd{margin:.1rem 0 0;overflow-wrap:anywhere}
.facts dd p{margin:.15rem 0 0;font-size:.9rem;color:var(--quiet)}
.facts .digest{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.72rem;line-height:1.4}
.facts .risk,.facts .class{vertical-align:baseline}
.meter{width:100%;height:.3rem;margin-top:.4rem;border-radius:2px;overflow:hidden}
.meter .whole{fill:var(--line)}.meter .part{fill:var(--link)}
.meter.much .part{fill:var(--financial)}.meter.over .part{fill:var(--destructive)}
@media (max-width:59.99rem){.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));column-gap:2rem}.facts>div:first-child{border-top:1px solid var(--line)}}

.names{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem}
.names li{max-width:100%}

.snippet{margin:.6rem 0 1.2rem;padding:.85rem 1.1rem;background:var(--raised);border:1px solid var(--line);border-radius:6px;overflow:auto;max-height:34rem}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.84rem;line-height:1.5;tab-size:2}
pre code{font-size:1em}
button{font:inherit;color:inherit;cursor:pointer}
.copy,.theme,.more{background:var(--ground);border:1px solid var(--edge);border-radius:5px;font-size:.82rem;line-height:1;padding:.42rem .65rem}
.copy{float:right;position:sticky;top:0;margin:-.3rem -.5rem .3rem .8rem}
.theme{display:inline-flex;align-items:center;gap:.4rem}
.theme svg{width:.95rem;height:.95rem;fill:none;stroke:currentColor;stroke-width:1.4}
.theme path{fill:currentColor;stroke:none}
.copy:hover,.theme:hover,.more:hover{border-color:var(--text)}
details{border-top:1px solid var(--line)}
details:last-of-type{border-bottom:1px solid var(--line)}
section>details:only-of-type{border:0}
summary{cursor:pointer;padding:.7rem 0;font-weight:550}
summary:hover{color:var(--link)}
.answer{padding:0 0 .6rem}

.scroll{overflow-x:auto;margin:.4rem 0 1rem}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{text-align:left;vertical-align:baseline;padding:.5rem 1.1rem .5rem 0;border-top:1px solid var(--line);font-weight:400}
thead th{border-top:0;font-size:.82rem;color:var(--quiet);padding-bottom:.3rem;white-space:nowrap}
tbody th{min-width:9rem}
td{min-width:5rem}
td code,th code,td a.name,th a.name{overflow-wrap:break-word}
td code{box-decoration-break:clone;-webkit-box-decoration-break:clone}
tbody th code{padding:0;background:none}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;width:5rem}
@media (min-width:40.01rem){.list{table-layout:fixed}.list th:nth-child(2){width:8rem}.list th:nth-child(3){width:19rem}.list th:nth-child(4){width:5.5rem}}
.list tbody tr:hover{background:var(--raised)}
.kinds{color:var(--quiet);font-size:.88rem}
.group h3{font-size:1.05rem;margin-top:1.8rem}
.group .means{margin-bottom:.3rem}
.head{display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem 2rem;margin:2.75rem 0 .6rem}
.head h2{margin:0;margin-right:auto}
select{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--edge);border-radius:6px;padding:.3rem .4rem}
.caption{margin:.6rem 0 -.2rem;font-size:.93rem}
.narrow,.sort{font-size:.9rem;color:var(--quiet)}
input[type=search]{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--edge);border-radius:6px;padding:.35rem .6rem;max-width:100%}
input[type=search]:focus-visible{outline-offset:0}
input[type=search]::-webkit-search-cancel-button{-webkit-appearance:none;appearance:none;width:.8rem;height:.8rem;margin-left:.5rem;cursor:pointer;background:linear-gradient(45deg,transparent 45%,var(--quiet) 45% 55%,transparent 55%),linear-gradient(-45deg,transparent 45%,var(--quiet) 45% 55%,transparent 55%)}

.search{display:block;margin:1.8rem 0 0}
.field{position:relative}
.field input{width:100%;font-size:1.15rem;padding:.75rem 3rem .75rem 1rem;border-radius:8px}
.field input:not(:placeholder-shown){padding-right:1rem}
.field input::placeholder{color:var(--quiet);opacity:1}
.field kbd{position:absolute;right:.9rem;top:50%;transform:translateY(-50%);color:var(--quiet);border:1px solid var(--line);border-radius:4px;padding:.02rem .45rem;background:var(--raised)}
.field input:focus~kbd,.field input:not(:placeholder-shown)~kbd{display:none}
fieldset{border:0;margin:.75rem 0 0;padding:0;display:flex;flex-wrap:wrap;align-items:center;gap:.4rem .5rem}
legend{float:left;font-size:.88rem;color:var(--quiet);width:3.2rem;padding:.4rem 0}
.pick{display:inline-flex;align-items:center;font-size:.9rem;line-height:1.2;padding:.32rem .7rem;border:1px solid var(--line);border-radius:999px;cursor:pointer;position:relative}
.pick:hover{border-color:var(--edge)}
.pick input{position:absolute;opacity:0;inset:0;margin:0;cursor:pointer}
.pick:has(:checked){border-color:var(--text);background:var(--raised);box-shadow:inset 0 0 0 1px var(--text)}
.pick:has(:focus-visible){outline:2px solid var(--link);outline-offset:2px}
.pick .count{margin-left:.4em}
.pick.none:not(:has(:checked)){border-style:dashed}
.status{margin:1.3rem 0 .4rem;font-size:.9rem;color:var(--quiet)}
.status:empty{margin:0}
#found li{display:grid;grid-template-columns:minmax(0,1fr) 8.5rem 6.5rem;gap:0 1.25rem;align-items:baseline;padding:.5rem 0;border-top:1px solid var(--line)}
#found .of{font-size:.9rem;margin-left:.7em}
#found .unsure{margin-left:.7em}
#found .server{grid-template-columns:minmax(0,1fr) auto}
.more{margin-top:1rem}

#all .bar{margin-bottom:.2rem}
#all>.bar{height:.5rem;margin:.2rem 0 1.2rem}
.servers li{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,6fr) 6.5rem;gap:.3rem 2rem;padding:.7rem 0;border-top:1px solid var(--line);align-items:start}
.servers h3{margin:0}
.servers p{margin:.05rem 0 0;font-size:.8rem;color:var(--quiet);overflow-wrap:anywhere}
.here{border:1px solid var(--edge);border-radius:999px;padding:.02rem .5rem;margin-right:.3em;white-space:nowrap}
.servers .how{padding-top:.45rem}
.servers .how .bar{margin-bottom:.45rem}
.numbers.worst{margin-top:.15rem}
.worst .risk svg{width:12px;height:8px}
.servers .size{font-size:.86rem;color:var(--quiet);text-align:right;font-variant-numeric:tabular-nums}
.servers .size b{color:var(--text)}

.text{max-width:46rem}
.contents{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin:1.2rem 0 0}
.terms{margin:1rem 0 0}
.terms>div{display:grid;grid-template-columns:9rem minmax(0,1fr);gap:.1rem 1.5rem;padding:.7rem 0;border-top:1px solid var(--line)}
.terms dd{margin:0}
.terms a{white-space:nowrap}

@media (max-width:40rem){
.wrap{padding:0 1rem}
main{padding-top:1.5rem!important}
h2{margin-top:2.2rem}
.servers li{grid-template-columns:minmax(0,1fr) auto;row-gap:.45rem}
.servers .how{grid-column:1/-1;grid-row:2;padding-top:0}
#found li{grid-template-columns:minmax(0,1fr) auto;row-gap:.15rem}
#found li>:first-child{grid-column:1/-1}
#found li>:last-child:not(:first-child){justify-self:end}
.list{table-layout:fixed}
.list .kinds,.list th:nth-child(3){display:none}
.list th:nth-child(2),.list td:nth-child(2){width:5.4rem;min-width:0}
.list th:nth-child(4),.list td:nth-child(4){width:3.6rem;min-width:0}
.list tbody th,.list tbody th a.name{min-width:0;overflow-wrap:anywhere}
.stack thead{position:absolute;clip-path:inset(50%)}
.stack,.stack tbody,.stack tr,.stack th,.stack td{display:block;padding:0;border:0}
.stack tbody tr{padding:.55rem 0;border-top:1px solid var(--line)}
.stack .from{display:inline-block;margin-right:.6em;color:var(--quiet);font-size:.82rem}
.stack .from+td{display:inline}
.stack th,.stack td,.stack code{overflow-wrap:anywhere}
.stack td[data-label]{display:inline-block;max-width:100%;margin-right:1.1em}
.stack td[data-label]::before{content:attr(data-label) " ";color:var(--quiet);font-size:.82rem}
.stack td:empty{display:none}
.top .wrap{flex-wrap:nowrap}
.top .theme{padding:.42rem;margin:0}
.theme span{position:absolute;clip-path:inset(50%)}
fieldset{flex-wrap:nowrap;gap:.4rem;min-width:0;margin:.5rem -1rem 0 -3px;padding:3px 1rem 3px 3px;overflow-x:auto;scrollbar-width:none}
legend{flex:none;width:2.8rem}
.pick{flex:none;padding:.4rem .6rem}
th,td{padding-right:.8rem;min-width:0}
tbody th{min-width:0}
.terms>div{grid-template-columns:minmax(0,1fr)}
.top nav{gap:1rem}
.brand span{position:absolute;clip-path:inset(50%)}
.narrow{flex-basis:100%;min-width:0;display:flex;align-items:center;gap:.6rem;white-space:nowrap;margin-top:.4rem}
.narrow input{flex:1;min-width:0}
pre{font-size:.78rem}
}
`;
