package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.report.HtmlReport;
import org.dl4jgn.bench.run.RunStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the results. */
@Command(name = "report", description = "Says who won, and writes report.html, all in one file, and the charts as PNG.")
final class ReportCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(names = "--out", paramLabel = "DIR", description = "folder of the results")
    Path out = Path.of("bench-results");

    @Option(names = "--table", description = "prints the table of all problems as Markdown as well, for a README")
    boolean table;

    @Option(
            names = "--levels",
            split = ",",
            paramLabel = "LOSS",
            description = "prints how long each optimizer takes to these losses as well, such as 1e-4,1e-6")
    List<Double> levels = List.of();

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        for (String problem : RunStore.problems(out)) {
            RunStore.open(out, problem).damage().ifPresent(console::println);
        }
        HtmlReport report = HtmlReport.of(out);
        console.println(report.summaryText());
        if (table) {
            console.println(report.markdownTable());
        }
        if (!levels.isEmpty()) {
            console.println(report.levelTable(levels));
        }
        console.println("Report: " + report.write().toAbsolutePath().normalize());
        console.flush();
        return 0;
    }
}
