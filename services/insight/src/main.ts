#!/usr/bin/env node
import { runAgent } from '@chimera/agent';
import { insight } from './insight.ts';

await runAgent(insight, 8603);
