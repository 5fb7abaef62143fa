import Foreign.Ptr (Ptr, nullPtr)
import Foreign.Storable (peek)

main :: IO ()
main = do
  value <- peek (nullPtr :: Ptr Int)
  print value
