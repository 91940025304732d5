package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.problem.Problems;
import org.dl4jgn.bench.report.PaperTables;
import org.dl4jgn.bench.run.RunStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the papers' tables with our figures. */
@Command(
        name = "table",
        description = "Prints what the SGN paper and its authors' runs have, and what was measured here beside it, as"
                + " Markdown. Runs to compare: sgn:K, and sgd:RATE with the paper's rates, --type double.")
final class TableCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "PROBLEM", description = "default: all that have results")
    List<String> names = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "folder of the results")
    Path out = Path.of("bench-results");

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        PaperTables tables = new PaperTables(out);
        List<String> problems = names.isEmpty()
                ? RunStore.problems(out)
                : names.stream().map(name -> Problems.named(name).name()).toList();
        boolean any = false;
        for (String problem : problems) {
            Optional<String> text = tables.of(problem);
            text.ifPresent(console::println);
            any |= text.isPresent();
        }
        if (!any) {
            console.println("No run in " + out + " has a counterpart in the SGN paper: run boston, sine, mnist,"
                    + " fashion-mnist or cifar10 with sgn:K or sgd:RATE first.");
        }
        console.flush();
        return 0;
    }
}
