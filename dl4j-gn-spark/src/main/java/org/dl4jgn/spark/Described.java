package org.dl4jgn.spark;

import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/** While it is open, the jobs of this thread have a name on Spark's pages. */
final class Described implements AutoCloseable {

    private static final String DESCRIPTION = "spark.job.description";

    private final JavaSparkContext context;
    private final @Nullable String before;

    private Described(JavaSparkContext context, String name) {
        this.context = context;
        before = context.getLocalProperty(DESCRIPTION);
        context.setLocalProperty(DESCRIPTION, name);
        context.setCallSite(name);
    }

    static Described as(JavaSparkContext context, String name) {
        return new Described(context, name);
    }

    @Override
    public void close() {
        context.clearCallSite();
        context.setLocalProperty(DESCRIPTION, before);
    }
}
