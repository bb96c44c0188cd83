export const AREAS = ['reliability', 'watching', 'malicious', 'grounding'] as const;

/** One thing that goes wrong. A test that proves a case has a title that begins with `hazard <number>: `. */
export type HazardCase = {
  number: number;
  area: (typeof AREAS)[number];
  case: string;
  promise: string;
  /** what of it no test shows, with the reason; a case without a test needs one */
  untested?: string;
};

const RELIABILITY: readonly Omit<HazardCase, 'area'>[] = [
  {
    number: 1,
    case: 'The process of a service is killed, whatever it is doing.',
    promise:
      'It is started again and its work is finished once: a message is acknowledged after its work, so an unfinished one comes again.',
    untested: 'an agent killed at each step of an analysis, and how long it takes then: no test yet',
  },
  {
    number: 2,
    case: 'NATS dies in the middle of a run and stays away.',
    promise: 'Nothing is lost, and services go on by themselves once it is back.',
    untested: 'an outage of ten minutes: those in tests last seconds, and reconnecting has no last try',
  },
  {
    number: 3,
    case: 'A stream is deleted, set back to an older state, or damaged on disk.',
    promise: 'The bucket is the truth: streams, consumers and documents are made again, and what was published is published again.',
    untested: 'state set back to an older copy, and bits flipped in it: no test yet',
  },
  {
    number: 4,
    case: 'NATS confirmed messages, and a power failure takes the last minutes of them.',
    promise: 'ingest notices that its last inventory is unknown and takes the dataset in again: the same run, the same report.',
    untested: 'state that lacks only its last minutes: no test yet; that it is gone altogether is case 3',
  },
  {
    number: 5,
    case: 'A notice comes a thousand times, or files come, go and come back.',
    promise: 'One report per content: ids are hashes of content, and doing a thing again has no further effect.',
    untested: 'notices about objects, and their order: come with the S3 bucket',
  },
  {
    number: 6,
    case: 'A file is seen before it can be read, or is gone before it is read.',
    promise: 'It is named with the reason, or the dataset is looked at again; nothing is passed over in silence.',
    untested: 'a file that goes away between look and reading: no test yet; notices about objects: come with the S3 bucket',
  },
  {
    number: 7,
    case: 'Files change while an analysis of them is made.',
    promise: 'The older run is void, or its report is marked superseded; the report of what is there now is the current one.',
    untested: 'files that change while a model writes: no test yet',
  },
  {
    number: 8,
    case: 'The same bytes lie under two names.',
    promise: 'Their numbers count once, and the report names both.',
  },
  {
    number: 9,
    case: 'A model takes longer than NATS waits for an acknowledgement.',
    promise: 'The worker extends the wait while it works, and nobody else is given the message.',
    untested: 'twenty minutes: the test takes three times a wait of one second',
  },
  {
    number: 10,
    case: 'Two workers believe that the same work is theirs.',
    promise: 'A writer whose lease another has taken is refused, and of two analyses of one agent the first counts.',
  },
  {
    number: 11,
    case: 'One file or message can never be handled.',
    promise: 'It is refused, or put among the dead letters and counted, with the reason; the others go on.',
  },
  {
    number: 12,
    case: 'A message has been delivered as often as it may.',
    promise: 'It lies among the dead letters before it leaves its queue, so it cannot vanish between the two.',
    untested: 'a process that dies in every delivery, and the report after a buried request: no test yet',
  },
  {
    number: 13,
    case: 'Ollama is away, lacks the model, runs out of memory, hangs, never ends, or answers nonsense.',
    promise: 'Each failure has its name and an end in time, and the report comes by the template narrator with the reason.',
    untested: 'an answer without end, up to the report: no test yet',
  },
  {
    number: 14,
    case: 'The machine that computes an answer is lost in the middle of it.',
    promise: 'Another worker finishes where the agent is gone; the template narrator writes where the Ollama server is.',
    untested: 'an agent killed while its model writes and a second one waits: no test yet',
  },
  {
    number: 15,
    case: 'A thousand files arrive at once.',
    promise: 'What is done at once is bounded, and what waits is shown by a metric.',
    untested: 'a thousand files: no test yet; fairness among datasets is no promise, they are read one after the other',
  },
  {
    number: 16,
    case: 'The disk is full, the clock jumps, or the time zone is another.',
    promise:
      'No artifact is lost and the evidence stays the same, because no time is part of it; at worst a report comes early and is revised.',
    untested: 'a full disk and a clock that jumps: no test yet; failures of an object store: come with the S3 bucket',
  },
  {
    number: 17,
    case: 'Services of two versions run side by side.',
    promise: 'A message as it was once published is read for ever; what would break it is a new version on a new subject.',
    untested: 'an older service beside a newer one: there is one version so far',
  },
  {
    number: 18,
    case: 'A release changes the settings of a consumer or a stream that exists.',
    promise: 'They are applied; where the server keeps other ones, the service refuses to start.',
  },
  {
    number: 19,
    case: 'It runs for a month.',
    promise:
      'Memory, handles and queues stay as they were; a service whose loops hang says so on `/livez`, and a watch gone deaf is noticed.',
    untested: 'thirty days fit into no test run; a shorter soak does not exist yet',
  },
  {
    number: 20,
    case: 'A service is told to stop.',
    promise: 'It takes no more, ends within 30 s, and hands back what it could not finish.',
  },
];

const WATCHING: readonly Omit<HazardCase, 'area'>[] = [
  {
    number: 21,
    case: 'A large file is copied slowly, or its whole size is reserved before its bytes come.',
    promise: 'A dataset is taken once it has looked the same for the settling time; a file that changes while it is read puts it off.',
    untested: 'a share that reserves sizes and freezes times: none can be had in a test; such a file looks finished, and case 29 guards it',
  },
  {
    number: 22,
    case: 'Files are there at the start and still being written.',
    promise: 'They have to be quiet as long as any others.',
  },
  {
    number: 23,
    case: 'Programs leave unfinished, temporary and hidden files.',
    promise: 'Hidden names and the usual names of what is unfinished are no artifacts; a rename makes one.',
    untested: 'a bucket with such names: no test yet',
  },
  {
    number: 24,
    case: 'The bucket is mounted where no events of files arrive, as in a container.',
    promise: 'That is found out without being asked, and the bucket is looked at again and again.',
  },
  {
    number: 25,
    case: 'The bucket is a network share.',
    promise: 'The kind of the mount tells, and no event is relied upon.',
    untested: 'a share of another machine: mounting one needs rights that a test has not',
  },
  {
    number: 26,
    case: 'The kernel runs out of file watches, or its queue of events overflows.',
    promise: 'It says which limit is too low, and the bucket is looked at again and again until watching is possible.',
  },
  {
    number: 27,
    case: 'Folders go away while they are looked at, and names are as odd as file systems allow.',
    promise: 'What went away is no fault; a name leads back to its file, or is refused with the reason.',
    untested: 'names that differ in case or composition only: the file systems of the tests tell them apart',
  },
  {
    number: 28,
    case: 'The bucket holds a hundred thousand files.',
    promise: 'A look takes seconds.',
    untested: 'speed is measured, never asserted: the benchmarks have no such bucket yet',
  },
  {
    number: 29,
    case: 'A file is cut off at any byte.',
    promise: 'A cut JSON document is refused, and of no cut file a number is read that the whole one does not have.',
    untested: 'the tests of `packages/formats` that show it are not marked yet',
  },
];

const MALICIOUS: readonly Omit<HazardCase, 'area'>[] = [
  {
    number: 30,
    case: 'Links, loops, pipes, devices and names point out of the bucket.',
    promise: 'Only regular files of the bucket are opened, without following a link; the rest is refused by name.',
    untested: 'pipes, devices and hard links: no test yet; keys of objects: come with the S3 bucket',
  },
  {
    number: 31,
    case: 'An archive unpacks to far more than it is.',
    promise: 'Nothing is unpacked: an archive is refused by its first bytes.',
    untested: 'the tests of `packages/formats` that show it are not marked yet',
  },
  {
    number: 32,
    case: 'JSON is huge, nested without end, or holds keys and numbers that programs stumble over.',
    promise: 'Limits bound it, a key is only a name, and a number that cannot be held or computed with is left out with a warning.',
  },
  {
    number: 33,
    case: 'A table is ragged, very wide, badly quoted, full of ambiguous commas, or holds formulas.',
    promise: 'What is certain is read, the rest is left out with a warning, and a formula is text.',
    untested: 'the tests of `packages/formats` that show it are not marked yet; nothing is exported to spreadsheets',
  },
  {
    number: 34,
    case: 'A name is made to stall the patterns that look for units and headers.',
    promise: 'Time grows with the length of a name, not faster.',
    untested: 'such names: no test yet',
  },
  {
    number: 35,
    case: 'Text holds raw HTML, scripts, pictures that call home, deep quotations, or a bomb of YAML.',
    promise: 'No text becomes markup, and the page loads nothing from anywhere.',
    untested: 'a bomb of YAML in `chimera.yaml`: no test yet; charts: come with the page as an application',
  },
  {
    number: 36,
    case: 'Names of files, columns, labels and models are scripts.',
    promise: 'They are printed as the text they are, in every spelling of a report.',
    untested: 'charts and their tooltips: come with the page as an application',
  },
  {
    number: 37,
    case: 'Artifacts give orders to the model.',
    promise: 'Facts do not change, a sentence that obeys them is withheld, and nobody but the Ollama server is asked for anything.',
    untested: 'the same dataset with and without such orders, and that nobody else is asked: no test yet',
  },
  {
    number: 38,
    case: 'Artifacts hold text that looks like a reference to a fact.',
    promise: 'It is broken up before a model sees it, and printed as the text it is.',
  },
  {
    number: 39,
    case: 'Somebody coaxes its instructions out of the model.',
    promise: 'They hold no secret, and nobody talks to the model: it is given facts and answers once.',
    untested: 'comes with questions on the page; today nobody can ask any',
  },
  {
    number: 40,
    case: 'One team reads the datasets of another.',
    promise: 'Whoever has the token of the page sees all of its reports; separate teams run separate systems.',
    untested: 'comes with users on the page; there are none yet',
  },
  {
    number: 41,
    case: 'The page is asked for what it should not give, or by whom it should not answer.',
    promise: 'It gives reports and nothing beside them, and beyond this machine only to whoever has the token.',
    untested: 'forged requests, outgoing calls and limits of rate: come with the page as an application, which takes more than reading',
  },
  {
    number: 42,
    case: 'Secrets get into logs, messages or prompts.',
    promise: 'Tokens and passwords of the configuration are shown nowhere.',
    untested: 'a secret inside of an artifact is not recognised yet',
  },
  {
    number: 43,
    case: 'Foreign words break a log by line ends and terminal codes.',
    promise: 'An entry of a log is one line of JSON; words of others are shown without control characters.',
    untested: 'such a name in a log: no test yet',
  },
  {
    number: 44,
    case: 'Names out of artifacts make ever new time series.',
    promise: 'Labels are those of one table, and none of them is a path, an id or a time.',
  },
  {
    number: 45,
    case: 'One file, user or day uses up time, memory and tokens.',
    promise: 'An answer has clocks and a limit of tokens, a file has limits of size, depth, lines and numbers.',
    untested: 'the limits of tokens and of facts in a prompt: no test yet; budgets per user and day: come with users',
  },
  {
    number: 46,
    case: 'A model is exchanged under its name.',
    promise: '`report.json` names the digest of the model that answered.',
    untested: 'a profile cannot pin a digest yet, so none is refused',
  },
  {
    number: 47,
    case: 'Whoever reaches Ollama can pull, make and delete models.',
    promise: 'Chimera itself only chats and asks which models and version there are.',
    untested: 'a proxy in front of Ollama that refuses the rest does not exist yet',
  },
];

const GROUNDING: readonly Omit<HazardCase, 'area'>[] = [
  { number: 48, case: 'A true sentence is changed in one place.', promise: 'It is withheld.' },
  { number: 49, case: 'The checker itself is wrong.', promise: 'In doubt it withholds, and a stricter rule never lets more pass.' },
  { number: 50, case: 'A statistic is computed wrongly.', promise: 'Published results of known data come out.' },
  { number: 51, case: 'Models and seeds differ.', promise: 'No number without support, whichever of them speaks.' },
  { number: 52, case: 'A model always lies.', promise: 'No number of its own is printed.' },
  { number: 53, case: 'Units look alike.', promise: 'They are told apart.' },
  { number: 54, case: 'A table is empty, constant, or of one row.', promise: 'The text says so.' },
  { number: 55, case: 'Files contradict each other about one run.', promise: 'The report shows it and picks none in silence.' },
  { number: 56, case: 'The time of a run and of its file differ.', promise: 'The report says which one it gives.' },
  { number: 57, case: 'A comparison rests on an old baseline.', promise: 'The report says so.' },
].map((one) => (one.number === 52 ? one : { ...one, untested: 'comes with grounding' }));

/** All cases, by number. */
export const CASES: readonly HazardCase[] = [
  ...RELIABILITY.map((one) => ({ ...one, area: 'reliability' as const })),
  ...WATCHING.map((one) => ({ ...one, area: 'watching' as const })),
  ...MALICIOUS.map((one) => ({ ...one, area: 'malicious' as const })),
  ...GROUNDING.map((one) => ({ ...one, area: 'grounding' as const })),
];
