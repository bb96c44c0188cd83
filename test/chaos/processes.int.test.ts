import { describeOnEachNats } from '../support/nats.ts';
import { floods } from './floods.ts';
import { models } from './models.ts';
import { pairs } from './pairs.ts';
import { EXTENT } from './plan.ts';

// Their titles begin with, for example, `hazard 14: `. They mostly wait, those of the models longest: together they take little more time than one of them.
const OPTIONS = { concurrent: true, newest: EXTENT.newest };
describeOnEachNats('chaos while a model writes', models, OPTIONS);
describeOnEachNats('chaos among several of each service', pairs, OPTIONS);
describeOnEachNats('chaos by floods', floods, OPTIONS);
