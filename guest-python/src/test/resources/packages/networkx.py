import networkx as nx

g = nx.DiGraph()
g.add_weighted_edges_from([("a", "b", 1), ("b", "c", 2), ("a", "c", 5), ("c", "d", 1), ("e", "d", 1)])
print(nx.shortest_path(g, "a", "d", weight="weight"), nx.dijkstra_path_length(g, "a", "d"))
print(list(nx.topological_sort(g)), nx.is_directed_acyclic_graph(g))
print(sorted(map(sorted, nx.connected_components(nx.Graph([(1, 2), (3, 4), (2, 5)])))))
print(sorted(nx.minimum_spanning_edges(g.to_undirected(), data=False)))
print(nx.maximum_flow_value(nx.DiGraph([("s", "t", {"capacity": 4}), ("s", "x", {"capacity": 2}),
                                        ("x", "t", {"capacity": 1})]), "s", "t"))
try:
    nx.shortest_path(g, "d", "a")
except nx.NetworkXNoPath as error:
    print(error)
