package org.dl4jgn.translate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The parameters of a network that stay as they are, and whether what is written now has such: it is then in test mode. */
final class FrozenParameters {

    private final List<ParameterSlot> slots = new ArrayList<>();
    private boolean isWriting;

    /** Writes something whose parameters are not trained. */
    Activations write(Supplier<Activations> frozen) {
        boolean before = isWriting;
        isWriting = true;
        try {
            return frozen.get();
        } finally {
            isWriting = before;
        }
    }

    /** Whether what is written is frozen: parameters are constants, and the layer is in test mode. */
    boolean isWriting() {
        return isWriting;
    }

    /** Takes note of a parameter that was declared. */
    void declare(ParameterSlot slot) {
        if (isWriting) {
            slots.add(slot);
        }
    }

    /** Those that are frozen. */
    List<ParameterSlot> slots() {
        return List.copyOf(slots);
    }

    /**
     * Whether a value changes with parameters that are trained.
     *
     * @param all the parameters declared so far
     */
    boolean trainedReach(SDVariable value, SameDiff graph, List<ParameterSlot> all) {
        Set<String> trained = all.stream()
                .filter(slot -> !slots.contains(slot))
                .map(ParameterSlot::variable)
                .collect(Collectors.toSet());
        Deque<String> open = new ArrayDeque<>(List.of(value.name()));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String name = open.pop();
            if (trained.contains(name)) {
                return true;
            }
            DifferentialFunction producer = graph.getVariableOutputOp(name);
            if (seen.add(name) && producer != null) {
                for (SDVariable argument : producer.args()) {
                    open.push(argument.name());
                }
            }
        }
        return false;
    }
}
