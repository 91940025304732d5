package org.dl4jgn.bench;

import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.dataset.DataSet;

/** Heap and resident memory of the process over many steps: printed after each tenth of the run, after a collection. */
public final class MemoryCheck {

    private MemoryCheck() {}

    /** Arguments: number of steps (default 10000). */
    public static void main(String[] args) throws InterruptedException {
        int steps = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        MultiLayerNetwork net =
                GaussNewton.attach(PaperProblem.BOSTON.network(Sgn.builder().build()));
        List<DataSet> batches = PaperProblem.BOSTON.batches();
        System.out.printf("%8s %12s %14s%n", "steps", "heap MB", "process MB");
        for (int i = 0; i <= steps; i++) {
            if (i % Math.max(1, steps / 10) == 0) {
                report(i);
            }
            net.fit(batches.get(i % batches.size()));
        }
    }

    private static void report(int steps) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                Locale.ROOT,
                "%8d %12.1f %14.1f%n",
                steps,
                (runtime.totalMemory() - runtime.freeMemory()) / 1e6,
                Pointer.physicalBytes() / 1e6);
    }
}
