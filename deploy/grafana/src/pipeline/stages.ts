/** The stages of a run. */
export const STAGES = 'chimera_run_stage_duration_seconds';
