import Foundation

abort()
