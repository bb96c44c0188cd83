#!/usr/bin/env node
import { runAgent } from '@chimera/agent';
import { collector } from './collector.ts';

await runAgent(collector, 8602);
