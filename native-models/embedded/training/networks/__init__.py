"""The networks, as modules of our own whose parameter names are those of diffusers and transformers.

The names are the contract: a state dict written here is read by any program that reads Stable Diffusion folders, and
the other way round. ``verify`` holds the arithmetic to vectors that diffusers itself computed.
"""
