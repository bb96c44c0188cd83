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
  },
  {
    number: 2,
    case: 'NATS dies in the middle of a run and stays away.',
    promise: 'Nothing is lost, and services go on by themselves once it is back.',
    untested: 'an outage of ten minutes: those in tests last up to a minute, and reconnecting has no last try',
  },
  {
    number: 3,
    case: 'A stream is deleted, set back to an older copy, or damaged on disk.',
    promise:
      'The bucket is the truth: streams, consumers and documents are made again, what was published is published again, and no report becomes wrong. What the server cannot read it says itself.',
  },
  {
    number: 4,
    case: 'NATS confirmed messages, and a power failure takes the last minutes of them.',
    promise:
      'ingest notices that NATS does not know its last inventory and takes the dataset in again; agents ask again for work that no queue holds: the same run, the same report.',
  },
  {
    number: 5,
    case: 'A notice comes a thousand times, or files come, go and come back.',
    promise: 'One report per content: ids are hashes of content, and doing a thing again has no further effect.',
  },
  {
    number: 6,
    case: 'A file is seen before it can be read, or is gone before it is read.',
    promise: 'It is named with the reason, or the dataset is read again once it is quiet; nothing is passed over in silence.',
  },
  {
    number: 7,
    case: 'Files change while an analysis of them is made.',
    promise: 'The older run is void, or its report is marked superseded; the report of what is there now is the current one.',
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
  },
  {
    number: 10,
    case: 'Two workers believe that the same work is theirs.',
    promise:
      'A dataset is taken in under a lease: a writer whose lease another has taken is refused. Of two analyses of one agent the first counts.',
  },
  {
    number: 11,
    case: 'One file or message can never be handled.',
    promise: 'It is refused, or put among the dead letters and counted, with the reason; the others go on.',
  },
  {
    number: 12,
    case: 'A message has been delivered as often as it may.',
    promise:
      'It lies among the dead letters before it leaves its queue, so it cannot vanish between the two; for an agent that dies of its work the template narrator writes.',
  },
  {
    number: 13,
    case: 'Ollama is away, lacks the model, runs out of memory, hangs, never ends, or answers nonsense.',
    promise: 'Each failure has its name and an end in time, and the report comes by the template narrator with the reason.',
  },
  {
    number: 14,
    case: 'The machine that computes an answer is lost in the middle of it.',
    promise: 'Another worker finishes where the agent is gone; the template narrator writes where the Ollama server is.',
    untested: 'the loss of a whole machine: in tests a process is killed; another process on another machine is told of it in the same way',
  },
  {
    number: 15,
    case: 'A thousand files arrive at once.',
    promise: 'What is done at once is bounded, and what waits is shown by a metric.',
    untested: 'fairness among datasets is no promise: they are read one after the other',
  },
  {
    number: 16,
    case: 'The disk is full, S3 is busy, the clock jumps, or the time zone is another.',
    promise:
      'No artifact is lost, and it is said on `/readyz` or in the log; the report comes once there is space. The evidence stays the same, because no time is part of it; a clock that jumps hurries no deadline.',
    untested: 'a full disk under NATS itself. That clocks jump is part of each schedule of the simulator',
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
    untested: 'thirty days fit into no test run: it takes some dozens of inventories, and compares what is held in its halves',
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
    promise:
      'A file is read once it has looked the same for the settling time, in two looks at least; one that changes while it is read puts its dataset off, and one that never rests holds up no other.',
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
  },
  {
    number: 24,
    case: 'The bucket is mounted where no events of files arrive, as in a container.',
    promise:
      'That is found out without being asked, by a hidden file that ingest writes now and then and must be told of; until then, and where it is not told of, the bucket is looked at again and again.',
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
    untested: 'file systems to which names that differ in case or composition only are the same: those of the tests tell them apart',
  },
  {
    number: 28,
    case: 'The bucket holds a hundred thousand files.',
    promise: 'A look takes seconds.',
    untested: 'a hundred thousand: the test takes ten thousand, and speed is measured by `npm run bench:ingest`, not asserted',
  },
  {
    number: 29,
    case: 'A file is cut off at any byte.',
    promise: 'A cut JSON document is refused, and of no cut file a number is read that the whole one does not have.',
  },
];

const MALICIOUS: readonly Omit<HazardCase, 'area'>[] = [
  {
    number: 30,
    case: 'Links, loops, pipes, devices and names point out of the bucket.',
    promise:
      'Only regular files of the bucket are opened, with no link on any part of the way; the rest is refused by name, and so are keys of objects that are no path below the bucket.',
  },
  {
    number: 31,
    case: 'An archive unpacks to far more than it is.',
    promise: 'Nothing is unpacked: an archive is refused by its first bytes.',
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
    untested: 'nothing is exported to spreadsheets',
  },
  {
    number: 34,
    case: 'A name is made to stall the patterns that look for units and headers.',
    promise: 'Time grows with the length of a name, not faster.',
  },
  {
    number: 35,
    case: 'Text holds raw HTML, scripts, pictures that call home, deep quotations, or a bomb of YAML.',
    promise: 'No text becomes markup, and the page loads nothing from anywhere; of YAML a bounded size and few aliases are read.',
    untested: 'charts: come with the page as an application',
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
    promise: 'Facts and verdicts do not change, a sentence that obeys is withheld, and nobody but the Ollama server is asked for anything.',
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
    promise:
      'It gives reports and nothing beside them, and beyond this machine only to whoever has the token; on loopback without one only under its own names. It takes no body and nothing but GET and HEAD, and an address that asks or guesses too often is put off.',
  },
  {
    number: 42,
    case: 'Secrets get into logs, messages or prompts.',
    promise: 'Tokens and passwords of the configuration are shown nowhere.',
    untested:
      'a secret inside of an artifact is not recognised: a cell, a label or a name that holds one is a text like others, and is shown to the model and in the report; a scanner in front of the bucket is the place to stop it',
  },
  {
    number: 43,
    case: 'Foreign words break a log by line ends and terminal codes.',
    promise: 'An entry of a log is one line of JSON; words of others are shown without control characters.',
  },
  {
    number: 44,
    case: 'Names out of artifacts make ever new time series.',
    promise: 'Labels are those of one table, and none of them is a path, an id or a time.',
  },
  {
    number: 45,
    case: 'One file, user or day uses up time, memory and tokens.',
    promise: 'An answer has clocks and a limit of tokens, a prompt a limit of facts, a file limits of size, depth, lines and numbers.',
    untested: 'budgets per user and day: come with users',
  },
  {
    number: 46,
    case: 'A model is exchanged under its name.',
    promise: '`report.json` names the digest of the model that answered.',
    untested: 'a profile cannot pin a digest yet, so none is refused: comes with profiles on GPU nodes, where models are exchanged',
  },
  {
    number: 47,
    case: 'Whoever reaches Ollama can pull, make and delete models.',
    promise: 'Chimera itself only chats and asks which models and version there are.',
    untested:
      'a proxy in front of Ollama that refuses the rest does not exist yet: until then whoever runs it lets only loopback or a private network reach it',
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
