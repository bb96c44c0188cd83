/** The version that reports, logs and the command line name. */
export const VERSION = '0.1.0';
