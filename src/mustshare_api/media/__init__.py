"""Pictures in; pictures and nothing else out. No decoder runs in the serving process.

Keep this file free of imports: the zygote passes through it, and so does the key tool.
"""
