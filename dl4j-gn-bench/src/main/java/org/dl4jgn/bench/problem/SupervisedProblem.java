package org.dl4jgn.bench.problem;

import java.io.IOException;
import org.dl4jgn.bench.data.DataFolders;

/**
 * A network that learns labels.
 *
 * @param name the word that users write
 * @param about the data, in a line
 * @param origin the paper
 * @param loader reads the data
 * @param shape of the data, where the files are the public ones
 * @param architecture of the network
 * @param start of its weights
 * @param defaults what holds where the user says nothing else
 * @param early when to stop
 */
record SupervisedProblem(
        String name,
        String about,
        String origin,
        LoadedData.Loader loader,
        Shape shape,
        Architecture architecture,
        Start start,
        Defaults defaults,
        EarlyStopping early)
        implements Problem {

    /** Trained on all training data, to the end of the budget. */
    SupervisedProblem(
            String name,
            String about,
            String origin,
            LoadedData.Loader loader,
            Shape shape,
            Architecture architecture,
            Start start,
            Defaults defaults) {
        this(name, about, origin, loader, shape, architecture, start, defaults, EarlyStopping.NONE);
    }

    @Override
    public Problem stopped(EarlyStopping stopping) {
        return new SupervisedProblem(name, about, origin, loader, shape, architecture, start, defaults, stopping);
    }

    @Override
    public String description() {
        return about + "; " + architecture.describe();
    }

    @Override
    public Workload load(DataFolders folders) throws IOException {
        return new SupervisedWorkload(loader.load(folders), architecture, start, early);
    }
}
