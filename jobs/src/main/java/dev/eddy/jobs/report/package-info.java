/**
 * The report of a training run: what came of it and why, how it learned and where its time went, as
 * one page for people ({@code report.html}) and one file for machines ({@code report.json}).
 *
 * <pre>
 *   TrainJob --- rounds, progress ---&gt; RunLog ---&gt; TrainingReport ---&gt; ReportPage ---&gt; report.html
 *   [name].training, read later ----^  (bounded)                 \--&gt; ReportJson ---&gt; report.json
 * </pre>
 *
 * <p>The page is one file that asks nothing of anybody: no scripts, fonts or pictures from outside.
 * Its size has a bound: a long run's rounds are put together ({@link dev.eddy.jobs.report.RunLog}).
 * Names of entities, topics and pipelines come from outside and are escaped; secrets of the
 * configuration never get here.
 */
package dev.eddy.jobs.report;
