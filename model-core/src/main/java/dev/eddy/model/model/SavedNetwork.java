package dev.eddy.model.model;

import dev.eddy.model.net.Network;
import java.util.Map;

/**
 * A network with its weights, without a task: what an import gives and {@link NetworkFile} keeps.
 * Immutable by agreement: nobody writes into {@code weights}.
 *
 * @param name what it is called
 * @param network what it computes
 * @param weights flat weights, {@code [network.weightCount()]}
 * @param provenance where it comes from; strings for people
 */
public record SavedNetwork(
    String name, Network network, float[] weights, Map<String, String> provenance) {}
