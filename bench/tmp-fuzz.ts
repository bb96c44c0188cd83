import { rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { scanFolder as oldScan } from '/tmp/mine/old/services/ingest/src/folder.ts';
import { takeInventory as oldTake } from '/tmp/mine/old/services/ingest/src/inventory.ts';
import { createReadingCache } from '/tmp/mine/old/services/ingest/src/reading-cache.ts';
import { canonicalJson as oldJson } from '/tmp/mine/old/packages/shared/src/store/content-hash.ts';
import { folderBucket } from '../services/ingest/src/folder.ts';
import { takeInventory } from '../services/ingest/src/inventory.ts';
import { createReadings } from '../services/ingest/src/readings.ts';
import { canonicalJson } from '../packages/shared/src/store/mod.ts';
const R='/tmp/mine/fz';
const readings=createReadings({workFolder:'/tmp/mine'});
const pick=<T,>(xs:readonly T[])=>xs[Math.floor(Math.random()*xs.length)]!;
const num=()=>pick([()=>Math.random().toFixed(3),()=>String(Math.floor(Math.random()*5)),()=>'0',()=>(Math.random()*1e6).toString(),()=>'1024',()=>'1e-20'])();
const csv=()=>{const cols=Array.from({length:1+Math.floor(Math.random()*5)},()=>pick(['model','ttft_s','tokens_s','latency_ms','p95_ms','mean_ms','error','batch_size','run','x','é','success','latency_s','backend'])); return [cols.join(','),...Array.from({length:Math.floor(Math.random()*12)},()=>cols.map(c=>c==='model'||c==='backend'?pick(['a','b','é\u{1f600}','']):c==='error'?pick(['','','oom']):c==='success'?pick(['true','false']):num()).join(','))].join('\n')+pick(['\n','']);};
const obj=(d:number):any=>Object.fromEntries(Array.from({length:Math.floor(Math.random()*5)},()=>[pick(['model','ttft_s','results','latency_ms','success','error','a/b','\ud800','\u{1f600}','10','9','mean_ms','n','throughput']),pick<()=>any>([()=>Number(num()),()=>pick(['x','y',true,false,null,'oom']),()=>d>0?obj(d-1):1,()=>d>0?Array.from({length:Math.floor(Math.random()*4)},()=>obj(d-1)):[1,2,3],()=>[Number(num()),Number(num())]])()]));
const file=():string=>pick([csv,csv,()=>JSON.stringify(obj(3)),()=>JSON.stringify(obj(2)).slice(0,20),()=>Array.from({length:4},()=>JSON.stringify(obj(1))).join('\n'),()=>'# T\n\n| ttft_s | tokens_s |\n| --- | --- |\n| 1.5 | 12 |\n| 1.5 | 13 |\n| 1.5 | 13 |\n',()=>'',()=>'text'])();
let pool:string[]=[]; let bad=0, same=0;
for(let it=0;it<400;it++){
 rmSync(R,{recursive:true,force:true}); mkdirSync(R);
 const n=1+Math.floor(Math.random()*14);
 for(let i=0;i<n;i++){ const text=Math.random()<0.35&&pool.length?pick(pool):file(); pool.push(text); if(pool.length>30) pool.shift(); const p=`${R}/${pick(['','reports/','csv_data/','a/b/','!x/','-y/','\u{1f600}/','\uff5e/'])}${pick(['a','b','c','-','!','é'])}${i}.${pick(['csv','json','jsonl','md','txt','JSON','tsv','log'])}`; mkdirSync(dirname(p),{recursive:true}); writeFileSync(p,text); }
 if(Math.random()<.2) writeFileSync(`${R}/chimera.yaml`,pick(['title: x','expected:\n  folders: [reports, q]\n  kinds: [csv, markdown]','bad: [']));
 let o:any,w:any,oe='',we='';
 try { o=await oldTake({root:R,dataset:'d',bucket:'x',entries:(await oldScan(R)).entries,maxBytes:1e9,cache:createReadingCache(),firstSeen:()=>null,now:()=>0,workFolder:'/tmp/mine'}); } catch(e){ oe=String(e); }
 try { const b=folderBucket(R); w=await takeInventory({dataset:'d',bucket:'x',entries:(await b.scan()).entries,limits:{maxBytes:1e9},read:b.read,readings,firstSeen:()=>null,now:()=>0}); } catch(e){ we=String(e); }
 if(oe||we){ if(oe!==we) {bad++; console.log('errors',oe,we);} continue; }
 const ok=oldJson(o.evidence)===Buffer.from(w.evidenceBytes).toString() && oldJson(o.observations)===canonicalJson(w.observations) && Buffer.compare(o.parquet,w.parquet)===0;
 if(ok) same++; else { bad++; console.log('DIFF', it, oldJson(o.evidence)===Buffer.from(w.evidenceBytes).toString(), oldJson(o.observations)===canonicalJson(w.observations), o.parquet.length,w.parquet.length); if(bad>3) break; }
}
console.log({same,bad}); await readings.close();
