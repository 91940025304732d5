package org.dl4jgn.dl4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.dl4jgn.curvature.NetworkProblem;
import org.dl4jgn.translate.StateSlot;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The state that recurrent layers carry over the pieces of a batch in truncated backpropagation through time, where DL4J keeps
 * it: in the layers. As with DL4J, a piece begins with the state that the piece before ended in, at the parameters before its step.
 */
final class CarriedState {

    private final AttachableNetwork net;
    private final NetworkProblem problem;

    CarriedState(AttachableNetwork net, NetworkProblem problem) {
        this.net = net;
        this.problem = problem;
    }

    /** Gives the problem the state that the layers are in. */
    void start() {
        List<StateSlot> slots = problem.states();
        for (int i = 0; i < slots.size(); i++) {
            problem.startState(
                    i,
                    layer(slots.get(i)).rnnGetPreviousState().get(slots.get(i).key()));
        }
    }

    /** Leaves the state behind the last step in the layers, for DL4J to take over; before the problem moves on. */
    void end() {
        Map<Integer, Map<String, INDArray>> ends = new LinkedHashMap<>();
        List<StateSlot> slots = problem.states();
        for (int i = 0; i < slots.size(); i++) {
            ends.computeIfAbsent(slots.get(i).layer(), k -> new LinkedHashMap<>())
                    .put(slots.get(i).key(), problem.endState(i));
        }
        ends.forEach((layer, state) -> ((RecurrentLayer) net.layer(layer)).rnnSetTBPTTState(state));
    }

    private RecurrentLayer layer(StateSlot slot) {
        return (RecurrentLayer) net.layer(slot.layer());
    }
}
