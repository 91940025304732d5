package org.dl4jgn.bench.cli;

import java.io.PrintWriter;
import org.dl4jgn.bench.optimizer.OptimizerKind;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.Problem;
import org.dl4jgn.bench.problem.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists problems and optimizers. */
@Command(name = "list", description = "Lists the problems and the optimizers with their settings.")
final class ListCommand implements Runnable {

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Problems:");
        for (Problem problem : Problems.all()) {
            Problem.Defaults defaults = problem.defaults();
            out.printf("  %-20s %s; %s%n", problem.name(), problem.origin(), problem.description());
            out.printf("  %-20s batch %d, %s, %d epochs%n", "", defaults.batch(), defaults.type(), defaults.epochs());
        }
        out.printf("  %-20s any table: --csv FILE --target COLUMN%n%nOptimizers:%n", "(own)");
        for (OptimizerKind kind : Optimizers.kinds()) {
            out.printf("  %-20s %s%n", kind.name(), kind.description());
            kind.settings().forEach((name, meaning) -> out.printf("  %-20s   %s: %s%n", "", name, meaning));
        }
        out.println();
        out.println("Write an optimizer as sgn, sgn:10 or sgn:10,damping=1e-3; several with commas between.");
        out.flush();
    }
}
