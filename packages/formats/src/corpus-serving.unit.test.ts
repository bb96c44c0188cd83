import { describeCorpus } from '../../../test/support/corpus.ts';

const VLLM_8B = 'google/gemma-4-31B-it';
const GUIDE = '/benchmarks/0/metrics';

describeCorpus('serving', {
  'vllm-serve/7-gemma4-31b-long-rate1-saturated.json': {
    format: 'vllm-serve',
    values: [
      ['time_to_first_token', 'mean', 781818.3848674409, 'ms', '/mean_ttft_ms'],
      ['time_to_first_token', 'p99', 1583345.6830200495, 'ms', '/p99_ttft_ms'],
      ['time_to_first_token', 'stddev', 462283.61462309107, 'ms', '/std_ttft_ms'],
      ['time_per_output_token', 'median', 129.2893726926927, 'ms', '/median_tpot_ms'],
      ['inter_token_latency', 'median', 51.557971999500296, 'ms', '/median_itl_ms'],
      ['output_token_throughput', 'value', 380.661849674826, 'tok/s', '/output_throughput'],
      ['total_token_throughput', 'value', 3425.956647073434, 'tok/s', '/total_token_throughput'],
      ['request_throughput', 'value', 0.380661849674826, 'req/s', '/request_throughput'],
      ['duration', 'value', 2627.0034700200013, 's', '/duration'],
      ['own', 'max', 1040, 'tok/s', '/max_output_tokens_per_s'],
    ],
    labels: { model: VLLM_8B, backend: 'openai', request_rate: '1', num_prompts: '1000', saturated: 'yes' },
    of: { n: 1000, over: 'requests' },
  },
  'vllm-serve/8-gemma4-31b-short-rate1.json': {
    format: 'vllm-serve',
    values: [
      ['time_to_first_token', 'median', 248.60834400033127, 'ms', '/median_ttft_ms'],
      ['time_per_output_token', 'mean', 33.8927913711961, 'ms', '/mean_tpot_ms'],
      ['inter_token_latency', 'p99', 193.6247849998881, 'ms', '/p99_itl_ms'],
      ['output_token_throughput', 'value', 254.21746912533607, 'tok/s', '/output_throughput'],
      ['request_throughput', 'value', 0.993036988770844, 'req/s', '/request_throughput'],
      ['own', 'value', 256000, 'tokens', '/total_output_tokens'],
    ],
    labels: { model: VLLM_8B, request_rate: '1', num_prompts: '1000' },
    of: { n: 1000, over: 'requests' },
  },
  'vllm-serve/9-gemma4-31b-short-rate16.json': {
    format: 'vllm-serve',
    values: [
      ['time_to_first_token', 'p99', 273403.4740545701, 'ms', '/p99_ttft_ms'],
      ['time_per_output_token', 'stddev', 12.330719763708014, 'ms', '/std_tpot_ms'],
      ['inter_token_latency', 'median', 61.61296950040196, 'ms', '/median_itl_ms'],
      ['total_token_throughput', 'value', 3700.6756097063126, 'tok/s', '/total_token_throughput'],
      ['duration', 'value', 345.8827887110001, 's', '/duration'],
    ],
    labels: { request_rate: '16', saturated: 'yes' },
  },
  'vllm-serve/10-gemma4-31b-short-rateinf.json': {
    format: 'vllm-serve',
    values: [
      ['time_to_first_token', 'mean', 164146.087819183, 'ms', '/mean_ttft_ms'],
      ['time_per_output_token', 'p99', 125.59385481772325, 'ms', '/p99_tpot_ms'],
      ['inter_token_latency', 'mean', 112.27675597625694, 'ms', '/mean_itl_ms'],
      ['request_throughput', 'value', 2.8804721383854504, 'req/s', '/request_throughput'],
      ['output_token_throughput', 'value', 737.4008674266753, 'tok/s', '/output_throughput'],
    ],
    labels: { request_rate: 'inf', model: VLLM_8B },
  },
  'vllm-serve-console/3-gemma4-short-rate16-console.log': {
    format: 'vllm-serve-console',
    values: [
      ['time_to_first_token', 'mean', 131942.64, 'ms', 'line 25'],
      ['time_to_first_token', 'p99', 273403.47, 'ms', 'line 27'],
      ['time_per_output_token', 'median', 114.7, 'ms', 'line 30'],
      ['inter_token_latency', 'median', 61.61, 'ms', 'line 34'],
      ['duration', 'value', 345.88, 's', 'line 16'],
      ['request_throughput', 'value', 2.89, 'req/s', 'line 19'],
      ['output_token_throughput', 'value', 740.14, 'tok/s', 'line 20'],
      ['own', 'max', 1530, 'tok/s', 'line 21'],
      ['total_token_throughput', 'value', 3700.68, 'tok/s', 'line 23'],
    ],
    labels: { request_rate: '16', saturated: 'yes' },
    of: { n: 1000, over: 'requests' },
  },
  'inferencex/1-minimax_m25_vllm_isl4096_conc48.json': {
    format: 'inferencex',
    values: [
      ['time_to_first_token', 'median', 3.4349140468984842, 's', '/median_ttft'],
      ['time_to_first_token', 'p99', 6.099563915524632, 's', '/p99_ttft'],
      ['request_latency', 'median', 6.731321745552123, 's', '/median_e2el'],
      ['time_per_output_token', 'p99', 0.06233178152358086, 's', '/p99_tpot'],
      ['output_token_throughput', 'value', 851.0877327336782, 'tok/s', '/output_throughput'],
      ['request_throughput', 'value', 6.649122911981861, 'req/s', '/request_throughput'],
      ['duration', 'value', 72.18997247517109, 's', '/duration'],
    ],
    labels: { model: 'MiniMaxAI/MiniMax-M2.5', concurrency: '48' },
    of: { n: 480, over: 'requests' },
  },
  'inferencex/2-minimax_m25_vllm_isl4096_conc8.json': {
    format: 'inferencex',
    values: [
      ['time_to_first_token', 'median', 0.7127655250951648, 's', '/median_ttft'],
      ['request_latency', 'p99', 3.3832553698681296, 's', '/p99_e2el'],
      ['time_per_output_token', 'median', 0.015842040692727398, 's', '/median_tpot'],
      ['output_token_throughput', 'value', 363.9399688260429, 'tok/s', '/output_throughput'],
    ],
    labels: { concurrency: '8' },
    of: { n: 80, over: 'requests' },
  },
  'inferencex/3-glm5_fp8_isl1024_conc8.json': {
    format: 'inferencex',
    values: [
      ['time_to_first_token', 'p99', 0.5684439154714345, 's', '/p99_ttft'],
      ['request_latency', 'median', 3.459710185416043, 's', '/median_e2el'],
      ['time_per_output_token', 'median', 0.024733149263215813, 's', '/median_tpot'],
      ['request_throughput', 'value', 2.29768130906055, 'req/s', '/request_throughput'],
    ],
    labels: { model: 'zai-org/GLM-5-FP8', concurrency: '8' },
  },
  'guidellm/1-guidellm_report_v2.json': {
    format: 'guidellm',
    values: [
      ['time_to_first_token', 'mean', 11.481165885925293, 'ms', `${GUIDE}/time_to_first_token_ms/successful/mean`],
      ['time_to_first_token', 'p99', 11.686325073242188, 'ms', `${GUIDE}/time_to_first_token_ms/successful/percentiles/p99`],
      ['request_latency', 'median', 0.019269227981567383, 's', `${GUIDE}/request_latency/successful/median`],
      ['inter_token_latency', 'mean', 1.1508464813232422, 'ms', `${GUIDE}/inter_token_latency_ms/successful/mean`],
      // 19.8 ms of latency over 8 tokens: it includes the first one.
      ['own', 'mean', 2.4421364068984985, 'ms', `${GUIDE}/time_per_output_token_ms/successful/mean`],
      ['output_token_throughput', 'value', 3.1950675815128577, 'tok/s', `${GUIDE}/output_tokens_per_second/successful/mean`],
      ['total_token_throughput', 'value', 31.75098409128402, 'tok/s', `${GUIDE}/tokens_per_second/successful/mean`],
      ['request_throughput', 'value', 0.7940882013937378, 'req/s', '/benchmarks/1/metrics/requests_per_second/successful/mean'],
      ['request_latency', 'mean', 0.017633914947509766, 's', '/benchmarks/1/metrics/request_latency/successful/mean'],
    ],
    labels: { model: 'e2e-mock-model', request_rate: '2' },
    of: { n: 2, over: 'requests' },
  },
  'llmperf/1-leaderboard-summary-anyscale_7b.json': {
    format: 'llmperf',
    values: [
      ['time_to_first_token', 'mean', 0.22518338954666584, 's', '/results_ttft_s_mean'],
      ['time_to_first_token', 'p99', 0.4557511319600058, 's', '/results_ttft_s_quantiles_p99'],
      ['request_latency', 'median', 2.9510136124999917, 's', '/results_end_to_end_latency_s_quantiles_p50'],
      ['own', 'mean', 0.01887842475580952, 's', '/results_inter_token_latency_s_mean'],
      ['output_token_throughput', 'value', 198.25122608178637, 'tok/s', '/results_mean_output_throughput_token_per_s'],
      ['own', 'mean', 51.726368047692425, 'tok/s', '/results_request_output_throughput_token_per_s_mean'],
      ['error_rate', 'value', 0, 'ratio', '/results_error_rate'],
      ['request_throughput', 'value', 78.77879971460449, 'req/min', '/results_num_completed_requests_per_min'],
    ],
    labels: { model: 'meta-llama/Llama-2-7b-chat-hf', concurrency: '5', prompt_length: '550', output_length: '150' },
    of: { n: 150, over: 'requests' },
  },
  'llmperf/2-leaderboard-summary-groq_70b.json': {
    format: 'llmperf',
    values: [
      ['time_to_first_token', 'median', 0.2218883791938424, 's', '/results_ttft_s_quantiles_p50'],
      ['request_latency', 'p95', 0.9415189569815994, 's', '/results_end_to_end_latency_s_quantiles_p95'],
      ['own', 'mean', 0.005384122478382455, 's', '/results_inter_token_latency_s_mean'],
      ['output_token_throughput', 'value', 441.84737788500206, 'tok/s', '/results_mean_output_throughput_token_per_s'],
    ],
    labels: { model: 'llama2-70b-4096' },
  },
  'llmperf/3-leaderboard-summary-together_70b.json': {
    format: 'llmperf',
    values: [
      ['time_to_first_token', 'p99', 0.8708675934700044, 's', '/results_ttft_s_quantiles_p99'],
      ['request_latency', 'stddev', 0.2763359001652295, 's', '/results_end_to_end_latency_s_stddev'],
      ['output_token_throughput', 'value', 216.45553311958628, 'tok/s', '/results_mean_output_throughput_token_per_s'],
      ['request_throughput', 'value', 81.89078137274691, 'req/min', '/results_num_completed_requests_per_min'],
    ],
    labels: { model: 'together_ai/togethercomputer/llama-2-70b-chat' },
  },
  'llmperf/4-leaderboard-individual-groq_70b.json': {
    format: 'llmperf',
    values: [
      ['time_to_first_token', 'value', 0.297977801412344, 's', '/0/ttft_s'],
      ['time_to_first_token', 'value', 0.1801905520260334, 's', '/74/ttft_s'],
      ['request_latency', 'value', 0.7696949485689402, 's', '/149/end_to_end_latency_s'],
      ['own', 'value', 0.005879949368536472, 's', '/0/inter_token_latency_s'],
      ['own', 'value', 205.38179225389393, 'tok/s', '/74/request_output_throughput_token_per_s'],
    ],
    of: { over: 'requests' },
  },
});
