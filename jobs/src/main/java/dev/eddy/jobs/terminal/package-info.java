/**
 * What people watch while long work runs: is standard error a terminal, how wide, and the progress
 * bar on it. Shared by the command line and the demo.
 */
package dev.eddy.jobs.terminal;
