/** The forecasting job: sources, the step operator and sinks, wired. */
package dev.eddy.jobs.forecast;
