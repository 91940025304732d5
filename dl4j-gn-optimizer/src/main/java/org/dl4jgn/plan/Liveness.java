package org.dl4jgn.plan;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Which nodes are needed at all, and which for the forward outputs. */
final class Liveness {

    private Liveness() {}

    /** Removes the nodes that {@code outputs} do not depend on. */
    static void dropUnread(List<Node> nodes, Collection<Value> outputs) {
        Set<Value> live = identitySet(outputs);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs.stream().anyMatch(live::contains)) {
                live.addAll(node.inputs);
            } else {
                nodes.remove(i);
            }
        }
    }

    /** Moves what depends on parameters and data alone but is not needed for the forward outputs to LINEARIZE. */
    static void separateForward(List<Node> nodes, Collection<Value> forwardOutputs) {
        Set<Value> needed = identitySet(forwardOutputs);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs.stream().anyMatch(needed::contains)) {
                needed.addAll(node.inputs);
            } else if (node.stage() == Stage.FORWARD) {
                node.outputs.forEach(v -> v.stage = Stage.LINEARIZE);
            }
        }
    }

    private static Set<Value> identitySet(Collection<Value> values) {
        Set<Value> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(values);
        return set;
    }
}
