package org.dl4jgn.spark.testing;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** Hears of each job that starts by what Spark's pages call it. */
public final class JobListener extends SparkListener {

    private final Started started;

    /** What is done about it. */
    @FunctionalInterface
    public interface Started {

        /**
         * A job has started.
         *
         * @param name empty if it has none
         * @param id Spark's number
         */
        void job(String name, int id);
    }

    /** Tells of each. */
    public JobListener(Started started) {
        this.started = started;
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
        started.job(job.properties().getProperty("spark.job.description", ""), job.jobId());
    }
}
