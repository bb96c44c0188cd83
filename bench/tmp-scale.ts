import { takeInventory } from '../services/ingest/src/inventory.ts';
import { createReadings } from '../services/ingest/src/readings.ts';
import { mkdirSync } from 'node:fs';
mkdirSync('/tmp/mine/work',{recursive:true});
const [N,rows]=[Number(process.argv[2]),Number(process.argv[3])];
const text=(i:number)=> i%2 && rows<=3 ? JSON.stringify({model:'m'+i%3,ttft_s:0.1+i/1e5,tokens_per_second:80+i%7,latency_ms:[10+i%3,11,12]}) : 'model,ttft_s,tokens_s\n'+Array.from({length:rows},(_,r)=>`m${r%3},${0.1+r/100+i/1e5},${80+r%9}`).join('\n')+'\n';
const entry=(i:number)=>({path:`d${i%100}/r${i}.${i%2&&rows<=3?'json':'csv'}`,bytes:Buffer.byteLength(text(i)),modifiedMs:1e12,changedMs:1e12,inode:i,type:'file' as const});
const readings=createReadings({workFolder:'/tmp/mine/work'});
const rss=()=>(process.memoryUsage().rss/1e6).toFixed(0)+' heap '+(process.memoryUsage().heapUsed/1e6).toFixed(0)+' ext '+(process.memoryUsage().external/1e6).toFixed(0);
let lag=0,last=performance.now(); const iv=setInterval(()=>{const n=performance.now(); if (n-last-5>lag) lag=n-last-5; last=n;},5);
const entries=Array.from({length:N},(_,i)=>entry(i));
let phase=''; let t0=0;
for(let k=0;k<3;k++){ if(k) entries.push(entry(N+k)); lag=0; last=t0=performance.now(); phase='';
 const taken=await takeInventory({dataset:'bucket',bucket:'x',entries,limits:{},read:async e=>Buffer.from(text(e.inode)),readings,firstSeen:()=>null,now:Date.now, onProgress(d,n){ if(d===n&&!phase){phase='read '+(performance.now()-t0).toFixed(0);} }});
 console.log(k,phase,'take',(performance.now()-t0).toFixed(0),'lag',lag.toFixed(0),'rss',rss(),taken.evidence.facts.length,taken.evidenceBytes.length,taken.parquet.length); }
clearInterval(iv); await readings.close();
