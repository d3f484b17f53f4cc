"""The Admin API: GraphQL executed over the official schema's cut, with its costs and rights."""
