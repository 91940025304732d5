package org.dl4jgn.bench.optimizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dl4jgn.tables.Names;

/** All families of optimizers. */
public final class Optimizers {

    private static final List<OptimizerKind> KINDS = List.of(
            new SgnKind(),
            new EgnKind(),
            new LevenbergMarquardtKind(),
            FirstOrderKind.sgd(),
            FirstOrderKind.nesterovs(),
            FirstOrderKind.adam(),
            FirstOrderKind.nadam(),
            FirstOrderKind.amsgrad(),
            new CompiledKind(FirstOrderKind.nesterovs()),
            new CompiledKind(FirstOrderKind.adam()),
            new CompiledKind(FirstOrderKind.amsgrad()),
            new LbfgsKind(),
            LibraryKind.hipparchus(),
            LibraryKind.torch(),
            RivalKind.gaf(),
            RivalKind.sqn(),
            LineSearchKind.lbfgs(),
            LineSearchKind.conjugateGradient());

    private Optimizers() {}

    /** All of them, this library's first. */
    public static List<OptimizerKind> kinds() {
        return KINDS;
    }

    /**
     * The family of a name, such as {@code adam}.
     *
     * @throws IllegalArgumentException if there is none; the message lists all
     */
    public static OptimizerKind kind(String name) {
        return KINDS.stream()
                .filter(kind -> kind.name().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    /** The name of the family that a kind is of, whatever computes its gradients: {@code adam} for {@code adam-compiled}. */
    public static String family(String kind) {
        return kind.endsWith(CompiledKind.SUFFIX)
                ? kind.substring(0, kind.length() - CompiledKind.SUFFIX.length())
                : kind;
    }

    private static IllegalArgumentException unknown(String name) {
        List<String> known = KINDS.stream().map(OptimizerKind::name).toList();
        String near = Names.didYouMean(name, known);
        return new IllegalArgumentException("There is no optimizer \"" + name + "\""
                + (near.isEmpty() ? "; there are " : near + " There are ") + String.join(", ", known));
    }

    /**
     * A contender from what a user writes, such as {@code sgn:10,damping=1e-3}.
     *
     * @throws IllegalArgumentException if there is no such optimizer or setting
     */
    public static Contender parse(String text) {
        int colon = text.indexOf(':');
        OptimizerKind kind = kind(colon < 0 ? text : text.substring(0, colon));
        Options options = Options.parse(
                kind.name(),
                colon < 0 ? "" : text.substring(colon + 1),
                kind.settings().keySet());
        return kind.create(options);
    }

    /**
     * The optimizers of a list: a comma goes on to the next setting if a setting with its name follows, otherwise to the
     * next optimizer, so that {@code sgn:10,damping=1e-3,adam} are two.
     */
    public static List<String> split(String list) {
        List<String> texts = new ArrayList<>();
        for (String piece : list.split(",", -1)) {
            boolean setting = piece.contains("=") && !piece.contains(":");
            if (setting && !texts.isEmpty()) {
                int last = texts.size() - 1;
                String before = texts.get(last);
                texts.set(last, before + (before.contains(":") ? "," : ":") + piece.strip());
            } else if (!piece.isBlank()) {
                texts.add(piece.strip());
            }
        }
        return texts;
    }
}
