/** What a reader of numbers of unknown files must know. */
export const GENERIC_NOTES: readonly string[] = [
  'A number whose name has a unit and says a metric of the registry without doubt (`mean_ttft_ms`, `Eval rate (tokens/s)`, `load_s`) is of that metric; any other keeps its own name, and is not judged.',
  'A name without a unit is never enough, and none is guessed.',
  'Numbers whose names say that they were set (`num_gpu`, `batch_size`) label the other numbers of their row or object, and so do texts that name what was measured (`model`, `variant`) or that repeat over the records.',
  'A number of such a name that is different in nearly each record, without order (the `output_length` of each request of a log), was drawn or measured, and not set: with more than 50 values in more than 100 records, and more values than a third of these, or more than 200, it labels nothing, and is a measurement of its own name. Two lengths that make nearly each record one of its own together label nothing either. Values that go up or down from record to record are a sweep.',
  'Where one metric and statistic stand in several places of a file (two columns, two keys, two tables of a page), each gets a label `place`, so that they are not mixed.',
  'Where a record spent at least a second on loading the model, and at least five times the median of the others, the records are labelled `start` cold or warm, in what includes the loading: time to first token, request latency, load duration.',
  'A request latency that is far below the time to first token beside it contradicts it: both keep their own names, and a warning says so.',
];
