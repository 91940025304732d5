package org.dl4jgn.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dl4jgn.linalg.Buffers;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gives each value of a plan its memory: its own, or that of a value that is not alive at the same time. */
final class MemoryPlan {

    private final List<Node> nodes;
    private final Buffers buffers;
    private final List<INDArray> free = new ArrayList<>();
    private final Map<Value, Integer> lastRead = new IdentityHashMap<>();

    /**
     * Prepares to assign memory.
     *
     * @param nodes in the order in which they run
     * @param buffers owner of the arrays
     */
    MemoryPlan(List<Node> nodes, Buffers buffers) {
        this.nodes = nodes;
        this.buffers = buffers;
    }

    /** Assigns an array to every value that has none. */
    void assign() {
        for (int i = 0; i < nodes.size(); i++) {
            for (Value in : nodes.get(i).inputs) {
                lastRead.put(in, i);
                if (in.stage != nodes.get(i).stage()) {
                    in.persistent = true;
                }
            }
        }
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            for (Value in : node.inputs) {
                if (in.array == null) {
                    in.array = ones(in);
                }
            }
            Set<Value> dying = dying(node, i);
            for (Value out : node.outputs) {
                if (out.array == null) {
                    out.array = out.persistent ? newArray(out) : transientArray(node, out, dying);
                }
            }
            // not before all outputs have theirs: an operation writes those that nothing reads beside the others
            for (Value out : node.outputs) {
                if (!out.persistent && !lastRead.containsKey(out)) {
                    free.add(out.array());
                }
            }
            dying.forEach(v -> free.add(v.array()));
        }
    }

    /**
     * An array of ones for a value that is all ones.
     *
     * @throws IllegalStateException if it is not: then it has no memory because nothing computed it
     */
    INDArray ones(Value value) {
        if (!value.ones) {
            throw new IllegalStateException("Value '" + value.name + "' is read before it is computed");
        }
        value.persistent = true;
        return buffers.filled(1.0, value.type, value.shape);
    }

    private Set<Value> dying(Node node, int index) {
        Set<Value> dying = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Value in : node.inputs) {
            if (!in.persistent && !in.ones && lastRead.getOrDefault(in, -1) == index) {
                dying.add(in);
            }
        }
        return dying;
    }

    private INDArray transientArray(Node node, Value out, Set<Value> dying) {
        if (node.elementwise) {
            for (Value in : node.inputs) {
                if (dying.contains(in) && in.length() == out.length() && in.type == out.type) {
                    dying.remove(in);
                    return Views.reshape(in.array(), out.shape);
                }
            }
        }
        for (int i = free.size() - 1; i >= 0; i--) {
            INDArray candidate = free.get(i);
            if (candidate.length() == out.length() && candidate.dataType() == out.type) {
                free.remove(i);
                return Views.reshape(candidate, out.shape);
            }
        }
        return newArray(out);
    }

    private INDArray newArray(Value value) {
        return buffers.allocate(value.type, value.shape);
    }
}
