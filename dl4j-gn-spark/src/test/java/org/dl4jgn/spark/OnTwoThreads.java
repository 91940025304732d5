package org.dl4jgn.spark;

import org.apache.spark.api.java.JavaSparkContext;
import org.dl4jgn.spark.testing.Clusters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests on a Spark of two threads in this JVM, one for all tests of a class. */
abstract class OnTwoThreads {

    static JavaSparkContext context;

    @BeforeAll
    static void start() {
        context = Clusters.local(2);
    }

    @AfterAll
    static void stop() {
        context.close();
    }
}
